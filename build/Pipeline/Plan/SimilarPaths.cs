using Gfxbake.Formats.Tar;
using Gfxbake.Formats.Text;

namespace Gfxbake.Pipeline.Plan;

/// <summary>Helps a person who mistyped a path: its nearest parent that exists, and files with a similar name.</summary>
internal static class SimilarPaths
{
    private const int Most = 5;

    public static string Message(PrunePlan plan, string path)
    {
        var paths = plan.Entries.Select(e => e.Path).ToHashSet(StringComparer.Ordinal);
        var full = "/" + string.Join('/', path.Split('/', StringSplitOptions.RemoveEmptyEntries));
        var parent = ImagePath.Parent(full);
        while (parent != "/" && !paths.Contains(parent))
            parent = ImagePath.Parent(parent);

        var similar = Similar(plan, Name(full)).ToList();
        return $"'{PlainText.Visible(path)}' is not in the image; the nearest directory that is: {PlainText.Visible(parent)}"
            + (plan.NotInImage.Contains(full) ? "; a workload found it, so it was made during the run or mounted" : "")
            + (similar.Count == 0 ? "" : $"; similar names: {string.Join(", ", similar)}");
    }

    private static IEnumerable<string> Similar(PrunePlan plan, string name) =>
        plan
            .Entries.Select(e => (e.Path, Distance: SimilarNames.Distance(Name(e.Path), name)))
            .Where(e => e.Distance <= name.Length / 3)
            .OrderBy(e => e.Distance)
            .ThenBy(e => e.Path, StringComparer.Ordinal)
            .Take(Most)
            .Select(e => PlainText.Visible(e.Path));

    private static string Name(string path) => path[(path.LastIndexOf('/') + 1)..];
}
