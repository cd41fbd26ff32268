using System.Globalization;

namespace Gfxbake.Pipeline.Bench;

/// <summary>What the command line asks of a measurement.</summary>
public static class BenchQuestion
{
    private const int MostDepths = 64;
    private const long MostDepth = 1 << 24;
    private const int MostSamples = 100;

    /// <summary>Depths, going up; null when the text names none.</summary>
    public static IReadOnlyList<long>? Depths(string text)
    {
        List<long> depths = [];
        foreach (var word in text.Split(','))
        {
            if (!long.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out var depth) || depth > MostDepth)
                return null;
            depths.Add(depth);
        }

        return depths.Count <= MostDepths ? [.. depths.Distinct().Order()] : null;
    }

    /// <summary>What is wrong with depths, as the rest of a sentence; null when nothing is.</summary>
    public static string? WrongDepths(string text) =>
        Depths(text) is null
            ? $" is '{text}'; it is up to {MostDepths} numbers of tokens with commas, each from 0 to {MostDepth}, for instance 0,4096"
            : null;

    /// <summary>What is wrong with a number of samples.</summary>
    public static string? WrongSamples(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var samples) && samples is > 0 and <= MostSamples
            ? null
            : $" is '{text}'; it is how often each point is measured, 1 to {MostSamples}";
}
