using Gfxbake.Formats.Text;
using Gfxbake.Recipes.Model;

namespace Gfxbake.Recipes.Pins;

/// <summary>Findings as lines of at most 80 columns.</summary>
public static class UpstreamTable
{
    private const int Variant = 9,
        Pin = 17,
        Version = 20;

    public static IReadOnlyList<string> Lines(IEnumerable<PinFinding> findings)
    {
        List<string> lines = [];
        foreach (var file in findings.GroupBy(f => f.Pin.File, StringComparer.Ordinal))
        {
            if (lines.Count > 0)
                lines.Add("");
            lines.Add(PlainText.Visible(file.Key));
            lines.Add(Row("variant", "pin", "pinned", "newest", "state"));
            lines.AddRange(file.Select(f => Row(f.Pin.Variant, f.Pin.Watch.Pin, Pinned(f.Pin), Newest(f), f.State)));
        }

        return lines;
    }

    private static string Pinned(WatchedPin pin) => pin.Watch.Pin is UpstreamWatch.Archive ? pin.Version ?? pin.Name : pin.Name;

    private static string Newest(PinFinding finding) =>
        finding.Newest is not { } newest ? "-"
        : finding.Pin.Watch.Pin is UpstreamWatch.Source ? newest.Name
        : newest.Version;

    private static string Row(string variant, string pin, string pinned, string newest, string state) =>
        $"  {Cell(variant, Variant)} {Cell(pin, Pin)} {Cell(pinned, Version)} {Cell(newest, Version)} {state}".TrimEnd();

    private static string Cell(string text, int width) => PlainText.Tail(PlainText.Visible(text), width).PadRight(width);
}
