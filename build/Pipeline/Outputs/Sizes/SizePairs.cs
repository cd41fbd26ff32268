using Gfxbake.Formats.Text;

namespace Gfxbake.Pipeline.Outputs.Sizes;

/// <summary>One way to count, full beside minimal.</summary>
internal sealed record SizePair(string Label, SizeRow? Full, SizeRow? Minimal)
{
    public string Saved => Full?.Bytes is { } full && Minimal?.Bytes is { } minimal ? Percent.Text(Percent.Saved(full, minimal)) : "-";
}

/// <summary>What the terminal's table and the Markdown have in common.</summary>
internal static class SizePairs
{
    public static IEnumerable<SizePair> Of(SizeReport report) =>
        report
            .Rows.GroupBy(r => r.Kind)
            .OrderBy(g => g.Key)
            .Select(g => new SizePair(
                g.Key switch
                {
                    SizeKind.Files => "sum of the files",
                    SizeKind.Tar => "file system as a tar",
                    SizeKind.Engine => "image, as the engine counts",
                    SizeKind.ExportTar => "archive .tar",
                    _ => "archive .tar.zst",
                },
                g.FirstOrDefault(r => r.Subject == SizeSubject.Full),
                g.FirstOrDefault(r => r.Subject == SizeSubject.Minimal)
            ));

    public static IEnumerable<SizeRow> Missing(SizeReport report) => report.Rows.Where(r => r.Bytes is null);

    /// <summary>The recorded row that a build is compared with.</summary>
    public static string Since(HistoryRow last) => $"since {last.Date:yyyy-MM-dd} ({last.ShortRevision})";

    /// <summary>The change of each figure since a recorded row.</summary>
    public static string Changes(SizeReport report, HistoryRow last)
    {
        var text = $"full {Change(last.Full, report.FullBytes)}, minimal {Change(last.Minimal, report.MinimalBytes)}";
        return last.Zst is { } before && report.ZstBytes is { } now ? $"{text}, zst {Change(before, now)}" : text;
    }

    private static string Change(long before, long after) =>
        after == before ? "the same" : (after > before ? "+" : "-") + SizeText.Of(Math.Abs(after - before));
}
