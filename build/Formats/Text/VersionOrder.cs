using System.Text.RegularExpressions;

namespace Gfxbake.Formats.Text;

/// <summary>
/// Which of two versions is newer: Debian's order (deb-version(7)), in which '~' sorts before everything, with one addition: a, b or
/// rc between digits marks what comes before a release, as in TheRock's 7.14.0a20260601 (PEP 440).
/// </summary>
public sealed partial class VersionOrder : IComparer<string>
{
    public static VersionOrder Instance { get; } = new();

    public int Compare(string? x, string? y)
    {
        var (left, right) = (Before().Replace(x ?? "", "~$0"), Before().Replace(y ?? "", "~$0"));
        var (i, j) = (0, 0);
        while (i < left.Length || j < right.Length)
        {
            while ((i < left.Length && !char.IsAsciiDigit(left[i])) || (j < right.Length && !char.IsAsciiDigit(right[j])))
            {
                var order = Weight(left, i).CompareTo(Weight(right, j));
                if (order != 0)
                    return order;
                (i, j) = (i + 1, j + 1);
            }

            var number = Number(left, ref i).CompareTo(Number(right, ref j));
            if (number != 0)
                return number;
        }

        return 0;
    }

    // The end of a version and the start of a number count as nothing, letters come before other characters.
    private static int Weight(string text, int at) =>
        at >= text.Length || char.IsAsciiDigit(text[at]) ? 0
        : text[at] == '~' ? -1
        : char.IsAsciiLetter(text[at]) ? text[at]
        : text[at] + 256;

    private static System.Numerics.BigInteger Number(string text, ref int at)
    {
        var start = at;
        while (at < text.Length && char.IsAsciiDigit(text[at]))
            at++;
        return at == start ? 0 : System.Numerics.BigInteger.Parse(text.AsSpan(start, at - start));
    }

    [GeneratedRegex("(?<=[0-9])(?:a|b|rc)(?=[0-9])")]
    private static partial Regex Before();
}
