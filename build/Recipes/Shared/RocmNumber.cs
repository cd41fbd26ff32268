using System.Globalization;
using System.Text.RegularExpressions;

namespace Gfxbake.Recipes.Shared;

/// <summary>ROCm's version numbers: as people write them, as bounds of a range, and as packages carry them.</summary>
public static partial class RocmNumber
{
    /// <summary>Whether a text is a version: three numbers.</summary>
    public static bool IsVersion(string text) => Version().IsMatch(text);

    /// <summary>Whether a text is the bound of a range: three numbers, or two that stand for all versions which start with them.</summary>
    public static bool IsBound(string text) => Bound().IsMatch(text);

    /// <summary>Compares as many numbers as the bound has, so 7.1.3 is equal to 7.1.</summary>
    public static int Compare(string version, string bound) =>
        Numbers(version).Zip(Numbers(bound), (v, b) => v.CompareTo(b)).FirstOrDefault(order => order != 0);

    /// <summary>ROCm's number in the version of a package; null where there is none.</summary>
    /// <remarks>Debian's 7.2.4+dfsg-1~exp1 starts with it. AMD's 1.18.0.70204-93~24.04 ends with it, two digits for each number.</remarks>
    public static string? OfPackage(string version)
    {
        if (Packed().Match(version) is { Success: true } packed)
            return string.Join('.', packed.Groups.Values.Skip(1).Select(g => int.Parse(g.ValueSpan, CultureInfo.InvariantCulture)));
        return Leading().Match(version) is { Success: true } leading ? leading.Groups[1].Value : null;
    }

    private static IEnumerable<int> Numbers(string version) => version.Split('.').Select(n => int.Parse(n, CultureInfo.InvariantCulture));

    [GeneratedRegex(@"^[0-9]{1,4}\.[0-9]{1,4}\.[0-9]{1,4}\z")]
    private static partial Regex Version();

    [GeneratedRegex(@"^[0-9]{1,4}\.[0-9]{1,4}(\.[0-9]{1,4})?\z")]
    private static partial Regex Bound();

    [GeneratedRegex(@"^(?:[0-9]+:)?[0-9]+\.[0-9]+\.[0-9]+\.([0-9]{1,2})([0-9]{2})([0-9]{2})(?![0-9.])")]
    private static partial Regex Packed();

    [GeneratedRegex(@"^(?:[0-9]+:)?([0-9]{1,4}\.[0-9]{1,4}\.[0-9]{1,4})(?![0-9])")]
    private static partial Regex Leading();
}
