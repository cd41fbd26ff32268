using System.Globalization;
using System.Text;
using Gfxbake.Formats.Text;
using static Gfxbake.Formats.Text.SvgText;

namespace Gfxbake.Pipeline.Outputs.Report;

/// <summary>
/// Draws sizes.svg for a README: the full image, the minimal one below it on the same scale, its layers and largest files.
/// </summary>
/// <remarks>
/// The picture has a panel of its own behind it, which follows the viewer's scheme: a transparent one would lose its text on either
/// light or dark pages. Widths are rounded to a tenth, so the same sizes give the same bytes.
/// </remarks>
public sealed class SizesSvg
{
    private const int Width = 840;
    private const int Margin = 20;
    private const int Room = Width - (2 * Margin);
    private const int Largest = 6;

    // Where the names of the largest files end and their bars begin, and where those end.
    private const int BarLeft = 330;
    private const int BarRoom = 400;
    private const int NameLength = 40;

    // About the width of a letter at 13 px.
    private const double Letter = 7.9;

    private readonly ReportData data;
    private readonly StringBuilder body = new();
    private int top = Margin;

    private SizesSvg(ReportData data) => this.data = data;

    public static string Of(ReportData data) => new SizesSvg(data).Draw();

    private string Draw()
    {
        var (full, minimal) = (data.Full.FileBytes, data.Minimal.FileBytes);
        var whole = Math.Max(Math.Max(full, minimal), 1);
        Text(Margin, top + 16, "title", $"{data.Heading.Recipe} {data.Heading.Variant} {data.Version}");
        top += 36;
        Bar(
            $"full image: {SizeText.Of(full)} in {SizeText.Count(data.Full.Files)} files",
            [
                ("stays", "stays", full - data.TakenOut - data.Replaced - data.Dropped),
                ("taken", "GPU code saved", data.TakenOut),
                ("replaced", "stand-ins saved", data.Replaced),
                ("gone", "dropped files", data.Dropped),
            ],
            whole
        );
        var saved = full > 0 ? string.Create(CultureInfo.InvariantCulture, $", {100.0 * (full - minimal) / full:0.0} % smaller") : "";
        Bar($"minimal image: {SizeText.Of(minimal)} in {SizeText.Count(data.Minimal.Files)} files{saved}", [("stays", "", minimal)], whole);
        if (data.Layers.Count > 0)
        {
            Bar(
                "its layers, on a scale of their own",
                [.. data.Layers.Select((l, i) => ($"layer{i % 3}", l.Name, l.FileBytes))],
                data.Layers.Sum(l => l.FileBytes)
            );
        }

        Forms();
        Files();
        return Frame();
    }

    // One alone is the minimal image's own bar.
    private void Forms()
    {
        if (data.Forms.Count < 2)
            return;
        Text(Margin, top + 13, "strong", "minimal images of other forms, each verified, on a scale of their own");
        top += 24;
        var whole = Math.Max(data.Forms.Max(f => f.FileBytes), 1);
        foreach (var form in data.Forms)
        {
            Text(Margin, top + 13, "", $"{form.Name}: {SizeText.Of(form.FileBytes)} in {SizeText.Count(form.Files)} files");
            top += 18;
            var width = Room * (double)form.FileBytes / whole;
            body.Append($"<rect class=\"stays\" x=\"{Margin}\" y=\"{top}\" width=\"{Number(width)}\" height=\"14\"/>\n");
            top += 22;
        }

        top += 10;
    }

    private void Bar(string title, IReadOnlyList<(string Style, string Name, long Bytes)> parts, long whole)
    {
        Text(Margin, top + 13, "strong", title);
        top += 20;
        var (left, legend) = ((double)Margin, (double)Margin);
        var labels = new List<(double X, string Text, string? Style)>();
        foreach (var (style, name, bytes) in parts.Where(p => p.Bytes > 0))
        {
            var width = Room * (double)bytes / Math.Max(whole, 1);
            body.Append($"<rect class=\"{style}\" x=\"{Number(left)}\" y=\"{top}\" width=\"{Number(width)}\" height=\"26\"/>\n");
            left += width;
            if (name.Length > 0)
            {
                var label = $"{name} {SizeText.Of(bytes)}";
                labels.Add((legend, label, style));
                legend += 18 + 22 + (label.Length * Letter);
            }
        }

        top += 26;
        foreach (var (x, label, style) in labels)
        {
            body.Append($"<rect class=\"{style}\" x=\"{Number(x)}\" y=\"{top + 8}\" width=\"12\" height=\"12\"/>\n");
            Text(x + 18, top + 19, "", label);
        }

        top += labels.Count > 0 ? 40 : 18;
    }

    private void Files()
    {
        var files = data
            .Paths.Where(p => p.After > 0)
            .OrderByDescending(p => p.After)
            .ThenBy(p => p.Entry.Path, StringComparer.Ordinal)
            .Take(Largest)
            .ToList();
        if (files.Count == 0)
            return;
        Text(Margin, top + 13, "strong", "largest files of the minimal image, and what they were");
        top += 24;
        var whole = files.Max(f => f.Size);
        foreach (var file in files)
        {
            var (before, after) = (BarRoom * (double)file.Size / whole, BarRoom * (double)file.After / whole);
            Text(Margin, top + 13, "", Short(Path.GetFileName(file.Entry.Path)));
            if (file.Size > file.After)
                body.Append($"<rect class=\"taken\" x=\"{BarLeft}\" y=\"{top}\" width=\"{Number(before)}\" height=\"16\"/>\n");
            body.Append($"<rect class=\"stays\" x=\"{BarLeft}\" y=\"{top}\" width=\"{Number(after)}\" height=\"16\"/>\n");
            // A long bar's figures go below it, where nothing is drawn.
            var figures = file.Size > file.After ? $"{SizeText.Of(file.After)} of {SizeText.Of(file.Size)}" : SizeText.Of(file.After);
            var room = Width - Margin - BarLeft - before - 8;
            if (figures.Length * Letter <= room)
                Text(BarLeft + before + 8, top + 13, "", figures);
            else
                Text(BarLeft, (top += 17) + 13, "", figures);
            top += 22;
        }

        top += 6;
    }

    private string Frame() =>
        $$"""
            <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {{Width}} {{top + Margin}}" width="{{Width}}" height="{{top
                + Margin}}" role="img" aria-labelledby="t">
            <title id="t">{{Escape(
                $"{data.Heading.Recipe} {data.Heading.Variant}: full image {SizeText.Of(data.Full.FileBytes)}, "
                    + $"minimal image {SizeText.Of(data.Minimal.FileBytes)}"
            )}}</title>
            <style>
            text { font: 13px ui-monospace, "DejaVu Sans Mono", monospace; fill: #1a1c20 }
            .title { font-size: 16px; font-weight: bold }
            .strong { font-weight: bold }
            .panel { fill: #f6f7f9; stroke: #cdd2da }
            .stays { fill: #4a8fe7 } .taken { fill: #f1a33c } .replaced { fill: #23a6ad } .gone { fill: #c3c8d0 }
            .layer0 { fill: #d0678f } .layer1 { fill: #8f6fd6 } .layer2 { fill: #3aa57a }
            @media (prefers-color-scheme: dark) {
            text { fill: #eceef2 }
            .panel { fill: #1d2026; stroke: #3a404b }
            .gone { fill: #565d69 } .taken { fill: #c9852a }
            }
            </style>
            <rect class="panel" x="0.5" y="0.5" width="{{Width - 1}}" height="{{top + Margin - 1}}" rx="10"/>
            {{body}}</svg>

            """;

    private void Text(double x, int y, string style, string text) =>
        body.Append($"<text{(style.Length > 0 ? $" class=\"{style}\"" : "")} x=\"{Number(x)}\" y=\"{y}\">{Escape(text)}</text>\n");

    private static string Short(string name) =>
        name.Length <= NameLength ? name : $"{name[..(NameLength / 2)]}…{name[^((NameLength / 2) - 1)..]}";
}
