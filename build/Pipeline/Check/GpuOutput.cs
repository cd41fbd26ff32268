using System.Globalization;
using System.Text.RegularExpressions;
using Gfxbake.Formats.Text;
using Gfxbake.Recipes.Model;

namespace Gfxbake.Pipeline.Check;

/// <summary>What a program said of the GPU.</summary>
/// <param name="Shown">By the recipe's names; what it did not say is left out.</param>
/// <param name="Kernels">How many kernels it says that it ran.</param>
/// <param name="Different">How many different ones.</param>
public sealed record GpuOutput(IReadOnlyDictionary<string, string> Shown, long Kernels, int Different)
{
    // Patterns come from a recipe and the text from a program: neither may stall the check.
    private static readonly TimeSpan PatternTime = TimeSpan.FromSeconds(5);

    private const int LongestShown = 120;

    public static GpuOutput Read(GpuCheck check, string output)
    {
        var shown = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, pattern) in check.Shows)
        {
            if (Pattern(pattern).Match(output) is { Success: true } match)
                shown[name] = Short(match.Groups[GpuCheck.Shown].Value);
        }

        var names = new HashSet<string>(StringComparer.Ordinal);
        long kernels = 0;
        foreach (Match match in Pattern(check.Kernels).Matches(output))
        {
            names.Add(match.Groups[GpuCheck.Kernel].Value);
            var count = match.Groups[GpuCheck.Count];
            kernels += count.Success && int.TryParse(count.Value, NumberStyles.None, CultureInfo.InvariantCulture, out var n) ? n : 1;
        }

        return new(shown, kernels, names.Count);
    }

    private static Regex Pattern(string pattern) => new(pattern, RegexOptions.Multiline | RegexOptions.CultureInvariant, PatternTime);

    private static string Short(string text)
    {
        text = PlainText.Visible(text.Trim());
        return text.Length <= LongestShown ? text : text[..LongestShown] + "…";
    }
}
