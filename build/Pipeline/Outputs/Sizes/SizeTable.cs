using Gfxbake.Formats.Text;

namespace Gfxbake.Pipeline.Outputs.Sizes;

/// <summary>A report as lines of at most 80 columns, readable without colour.</summary>
public static class SizeTable
{
    private const int Columns = 80,
        LargestShown = 10;

    /// <param name="report">The build.</param>
    /// <param name="last">The last recorded row of this variant, to compare with.</param>
    public static IReadOnlyList<string> Lines(SizeReport report, HistoryRow? last)
    {
        List<string> lines =
        [
            $"{report.Recipe} {report.Variant}, {HistoryRow.Shorten(report.Revision)}{(report.Verified ? "" : ", NOT VERIFIED")}",
            .. report.Versions.Select(v => $"  {PlainText.Visible(v.Key)} {PlainText.Visible(v.Value)}"),
            "",
            $"  {"", -30}{"full", 14}{"minimal", 14}{"saved", 10}",
        ];
        foreach (var pair in SizePairs.Of(report))
            lines.Add($"  {pair.Label, -30}{Cell(pair.Full), 14}{Cell(pair.Minimal), 14}{pair.Saved, 10}");
        lines.AddRange(SizePairs.Missing(report).Select(m => $"  missing: {m.Name} (--target={m.Target})"));
        if (last is not null)
            lines.AddRange(["", "  " + SizePairs.Since(last), "    " + SizePairs.Changes(report, last)]);
        lines.AddRange(["", $"  {"layer", -30}{"entries", 14}{"size", 14}"]);
        lines.AddRange(
            report.Layers.Select(l => $"  {PlainText.Tail(l.Name, 30), -30}{SizeText.Count(l.Entries), 14}{SizeText.Of(l.Bytes), 14}")
        );
        lines.AddRange(["", "  largest files of the minimal image"]);
        lines.AddRange(
            report
                .Largest.Take(LargestShown)
                .Select(e => $"  {SizeText.Of(e.Bytes), 12}  {PlainText.Tail(PlainText.Visible(e.Path), Columns - 16)}")
        );
        return [.. lines.Select(l => l.Length <= Columns ? l.TrimEnd() : l[..(Columns - 1)] + "…")];
    }

    private static string Cell(SizeRow? row) => row?.Bytes is { } bytes ? SizeText.Of(bytes) : "missing";
}
