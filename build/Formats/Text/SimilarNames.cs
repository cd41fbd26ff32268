namespace Gfxbake.Formats.Text;

/// <summary>Finds what somebody may have meant who mistyped a name.</summary>
public static class SimilarNames
{
    private const int Most = 3,
        LongestName = 255,
        ShortestPart = 4;

    /// <summary>The nearest of the names, best first; none when nothing is near.</summary>
    public static IReadOnlyList<string> Of(string name, IEnumerable<string> names)
    {
        var wanted = name.ToUpperInvariant();
        return
        [
            .. names
                .Select(n => (Name: n, Distance: Nearness(n.ToUpperInvariant(), wanted)))
                .Where(n => n.Distance <= Math.Max(1, name.Length / 3))
                .OrderBy(n => n.Distance)
                .ThenBy(n => n.Name, StringComparer.Ordinal)
                .Take(Most)
                .Select(n => n.Name),
        ];
    }

    /// <summary>Levenshtein's distance; 1 where one name starts with the other, as libfoo.so and libfoo.so.1 do.</summary>
    public static int Distance(string a, string b)
    {
        if (a.Length is 0 or > LongestName || b.Length is 0 or > LongestName)
            return int.MaxValue;

        if (
            a != b
            && b.Length > 3
            && a.Length > 3
            && (a.StartsWith(b, StringComparison.Ordinal) || b.StartsWith(a, StringComparison.Ordinal))
        )
        {
            return 1;
        }

        Span<int> row = stackalloc int[b.Length + 1];
        for (var j = 0; j <= b.Length; j++)
            row[j] = j;

        for (var i = 1; i <= a.Length; i++)
        {
            (var diagonal, row[0]) = (row[0], i);
            for (var j = 1; j <= b.Length; j++)
            {
                var replaced = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(replaced, Math.Min(row[j], row[j - 1]) + 1);
            }
        }

        return row[b.Length];
    }

    private static int Nearness(string name, string wanted) =>
        wanted.Length >= ShortestPart && name.Contains(wanted, StringComparison.Ordinal) ? 1 : Distance(name, wanted);
}
