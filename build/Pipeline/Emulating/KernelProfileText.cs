using System.Globalization;
using static System.FormattableString;

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
        yield return Row("dispatches", "instructions", "waves", "bytes", "ms", "kernel");
        foreach (var cost in costs.Take(Shown))
            yield return Row(cost);
        var sum = costs.Aggregate(0ul, (s, c) => unchecked(s + c.Instructions));
        yield return $"{Text(sum)} instructions of waves, {costs.Count} kernels"
            + (costs.Count > Shown ? $", {costs.Count - Shown} of them not shown" : "");
        var seconds = costs.Sum(c => c.Microseconds / 1e6);
        if (seconds > 0)
            yield return Invariant($"{seconds:N2} s in kernels by the clock: {sum / seconds / 1e6:N1} million instructions a second");
        yield return $"whole names: {file}";
    }

    private static string Row(KernelCost cost) =>
        Row(Text(cost.Dispatches), Text(cost.Instructions), Text(cost.Waves), Text(cost.Bytes), Text(cost.Microseconds / 1000), cost.Name);

    private static string Row(string dispatches, string instructions, string waves, string bytes, string ms, string name)
    {
        var numbers = $"{dispatches, 10} {instructions, 14} {waves, 9} {bytes, 14} {ms, 7} ";
        var most = Math.Max(1, Width - numbers.Length);
        // What tells kernels of one template apart stands at the end.
        return numbers + (name.Length <= most ? name : "…" + name[^(most - 1)..]);
    }

    private static string Text(ulong number) => number.ToString("N0", CultureInfo.InvariantCulture);
}
