using Gfxbake.Formats.Tar;
using Gfxbake.Pipeline.Full;
using Gfxbake.Pipeline.Minimal;
using Gfxbake.Pipeline.Plan;
using Gfxbake.Pipeline.Proof;

namespace Gfxbake.Pipeline.Outputs.Sizes;

/// <summary>Adds a build's records up to a report.</summary>
public static class SizeSurvey
{
    /// <summary>
    /// Every file of the minimal image with what it weighs there, largest first; a content with several names counts at its first.
    /// </summary>
    public static IReadOnlyList<SizeEntry> Entries(PrunePlan plan, IReadOnlyList<SlimmedFile> slimmed)
    {
        var after = slimmed
            .Select(s => (s.Path, s.After))
            .Concat(plan.Entries.Where(e => e.StandIn is not null).Select(e => (e.Path, After: e.PlannedSize)))
            .ToDictionary(s => s.Path, s => s.After, StringComparer.Ordinal);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var files = plan.Entries.Where(e => e is { IsKept: true, Kind: EntryKind.File or EntryKind.HardLink });
        return
        [
            .. files
                .Where(e => seen.Add(Content(e)))
                .Select(e => new SizeEntry(
                    e.Path,
                    after.TryGetValue(Content(e), out var bytes) || after.TryGetValue(e.Path, out bytes) ? bytes : e.Size
                ))
                .OrderByDescending(e => e.Bytes)
                .ThenBy(e => e.Path, StringComparer.Ordinal),
        ];
    }

    /// <param name="recipe">Name of the recipe.</param>
    /// <param name="variant">Name of its variant.</param>
    /// <param name="revision">As in SizeReport.</param>
    /// <param name="versions">As in SizeReport.</param>
    /// <param name="full">full.json.</param>
    /// <param name="minimal">minimal.json.</param>
    /// <param name="entries">Every file of the minimal image, largest first.</param>
    /// <param name="further">What the engine says and what the exports weigh.</param>
    public static SizeReport Report(
        string recipe,
        string variant,
        string revision,
        SortedDictionary<string, string> versions,
        FullRecord full,
        MinimalRecord minimal,
        IReadOnlyList<SizeEntry> entries,
        IEnumerable<SizeRow> further
    ) =>
        new()
        {
            Recipe = recipe,
            Variant = variant,
            Revision = revision,
            Versions = versions,
            FullImageId = full.ImageId,
            MinimalImageId = minimal.ImageId,
            Verified = minimal.Verified,
            FullBytes = full.Size.Content.FileBytes,
            MinimalBytes = minimal.Size.Content.FileBytes,
            Rows =
            [
                new SizeRow(
                    SizeSubject.Full,
                    SizeKind.Files,
                    full.Image,
                    full.Size.Content.FileBytes,
                    full.Size.Content.Files,
                    "FullImage"
                ),
                new SizeRow(
                    SizeSubject.Minimal,
                    SizeKind.Files,
                    minimal.Image,
                    minimal.Size.Content.FileBytes,
                    minimal.Size.Content.Files,
                    "MinimalImage"
                ),
                new SizeRow(SizeSubject.Full, SizeKind.Tar, full.Image, full.Size.TarBytes, null, "FullImage"),
                new SizeRow(SizeSubject.Minimal, SizeKind.Tar, minimal.Image, minimal.Size.TarBytes, null, "MinimalImage"),
                .. further.OrderBy(r => r.Kind).ThenBy(r => r.Subject),
            ],
            Layers = [.. minimal.Layers.Select(l => new SizeLayer(l.Name, l.FileBytes, l.Entries))],
            Largest = [.. entries.Take(SizeReport.MostEntries)],
            Rest = new SizeRest(
                Math.Max(0, entries.Count - SizeReport.MostEntries),
                entries.Skip(SizeReport.MostEntries).Sum(e => e.Bytes)
            ),
        };

    private static string Content(PlanEntry entry) => entry.Kind == EntryKind.HardLink ? entry.LinkTarget ?? entry.Path : entry.Path;
}
