using Gfxbake.Formats.Text;

namespace Gfxbake.Pipeline.Outputs.Sizes;

/// <summary>Writes sizes.md, which is also what a CI run shows as its summary.</summary>
public static class SizeMarkdown
{
    private const int LargestShown = 30;

    /// <param name="report">The build.</param>
    /// <param name="last">The last recorded row of this variant, to compare with.</param>
    /// <param name="command">The command that runs a target for this build.</param>
    public static string Text(SizeReport report, HistoryRow? last, Func<string, string> command)
    {
        using var output = new StringWriter { NewLine = "\n" };
        output.WriteLine($"## Sizes: {PlainText.Cell(report.Recipe)}, {PlainText.Cell(report.Variant)}\n");
        output.WriteLine(
            $"Revision {HistoryRow.Shorten(report.Revision)}; {PlainText.Cell(report.VersionText)}; "
                + (report.Verified ? "verified." : "**not verified.**")
                + "\n"
        );
        output.WriteLine("| | full | minimal | saved |\n|---|---:|---:|---:|");
        foreach (var pair in SizePairs.Of(report))
            output.WriteLine($"| {pair.Label} | {Cell(pair.Full)} | {Cell(pair.Minimal)} | {pair.Saved} |");
        var files = report
            .Rows.Where(r => r.Kind == SizeKind.Files)
            .OrderBy(r => r.Subject)
            .Select(r => SizeText.Count(r.Files ?? 0))
            .ToList();
        output.WriteLine($"\nFiles: {string.Join(" in full, ", files)} in minimal. Sizes are decimal: 1 MB = 1,000,000 bytes.");
        foreach (var row in SizePairs.Missing(report))
            output.WriteLine($"\nMissing: {PlainText.Code(row.Name)}; {PlainText.Code(command(row.Target))} makes it.");
        if (last is not null)
            output.WriteLine($"\nChange {SizePairs.Since(last)}: {SizePairs.Changes(report, last)}.");
        output.WriteLine("\n| layer | entries | size |\n|---|---:|---:|");
        foreach (var layer in report.Layers)
            output.WriteLine($"| {PlainText.Cell(layer.Name)} | {SizeText.Count(layer.Entries)} | {SizeText.Of(layer.Bytes)} |");
        output.WriteLine("\n| size | largest files of the minimal image |\n|---:|---|");
        foreach (var entry in report.Largest.Take(LargestShown))
            output.WriteLine($"| {SizeText.Of(entry.Bytes)} | {PlainText.Code(entry.Path)} |");
        return output.ToString();
    }

    private static string Cell(SizeRow? row) => row?.Bytes is { } bytes ? SizeText.Of(bytes) : "missing";
}
