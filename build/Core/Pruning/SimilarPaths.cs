using Gfxbake.Core.Images;
using Gfxbake.Core.Sizes;

namespace Gfxbake.Core.Pruning;

/// <summary>Helps a person who mistyped a path: its nearest parent that exists, and files with a similar name.</summary>
internal static class SimilarPaths
{
    private const int Most = 5, LongestName = 255;

    public static string Message(PrunePlan plan, string path)
    {
        var paths = plan.Entries.Select(e => e.Path).ToHashSet(StringComparer.Ordinal);
        var full = "/" + string.Join('/', path.Split('/', StringSplitOptions.RemoveEmptyEntries));
        var parent = ImagePath.Parent(full);
        while (parent != "/" && !paths.Contains(parent))
        {
            parent = ImagePath.Parent(parent);
        }

        var similar = Similar(plan, Name(full)).ToList();
        return $"'{PlainText.Visible(path)}' is not in the image; the nearest directory that is: {PlainText.Visible(parent)}"
            + (plan.NotInImage.Contains(full) ? "; a workload found it, so it was made during the run or mounted" : "")
            + (similar.Count == 0 ? "" : $"; similar names: {string.Join(", ", similar)}");
    }

    private static IEnumerable<string> Similar(PrunePlan plan, string name) => plan.Entries
        .Select(e => (e.Path, Distance: Distance(Name(e.Path), name)))
        .Where(e => e.Distance <= name.Length / 3)
        .OrderBy(e => e.Distance).ThenBy(e => e.Path, StringComparer.Ordinal)
        .Take(Most).Select(e => PlainText.Visible(e.Path));

    private static string Name(string path) => path[(path.LastIndexOf('/') + 1)..];

    /// <summary>Levenshtein's distance; 1 where one name starts with the other, as libfoo.so and libfoo.so.1 do.</summary>
    private static int Distance(string a, string b)
    {
        if (a.Length is 0 or > LongestName || b.Length is 0 or > LongestName)
        {
            return int.MaxValue;
        }

        if (a != b && b.Length > 3 && a.Length > 3 && (a.StartsWith(b, StringComparison.Ordinal) || b.StartsWith(a, StringComparison.Ordinal)))
        {
            return 1;
        }

        Span<int> row = stackalloc int[b.Length + 1];
        for (var j = 0; j <= b.Length; j++)
        {
            row[j] = j;
        }

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
}
