using System.Globalization;

namespace Gfxbake.Pipeline.Emulating;

/// <summary>A profile as a table of 80 columns.</summary>
public static class KernelProfileText
{
    private const int Width = 80;
    private const int Shown = 30;

    /// <param name="costs">The dearest first.</param>
    /// <param name="file">Where all of it stands.</param>
    public static IEnumerable<string> Lines(IReadOnlyList<KernelCost> costs, string file)
    {
        yield return Row("dispatches", "instructions", "waves", "bytes", "kernel");
        foreach (var cost in costs.Take(Shown))
            yield return Row(Text(cost.Dispatches), Text(cost.Instructions), Text(cost.Waves), Text(cost.Bytes), cost.Name);
        var sum = costs.Aggregate(0ul, (s, c) => unchecked(s + c.Instructions));
        yield return $"{Text(sum)} instructions of waves, {costs.Count} kernels"
            + (costs.Count > Shown ? $", {costs.Count - Shown} of them not shown" : "");
        yield return $"whole names: {file}";
    }

    private static string Row(string dispatches, string instructions, string waves, string bytes, string name)
    {
        var numbers = $"{dispatches, 10} {instructions, 14} {waves, 9} {bytes, 14} ";
        var most = Math.Max(1, Width - numbers.Length);
        // What tells kernels of one template apart stands at the end.
        return numbers + (name.Length <= most ? name : "…" + name[^(most - 1)..]);
    }

    private static string Text(ulong number) => number.ToString("N0", CultureInfo.InvariantCulture);
}
