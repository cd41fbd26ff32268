using System.Text;

namespace Gfxbake.Formats.Text;

/// <summary>Lines of a terminal as an SVG picture, which follows the viewer's light or dark scheme.</summary>
public static class TextPicture
{
    private const int Margin = 20;
    private const int LineHeight = 18;
    private const int Fewest = 80;
    private const int Most = 200;

    // About the width of a letter at 13 px.
    private const double Letter = 7.9;

    /// <param name="title">What the picture shows, for those who don't see it.</param>
    /// <param name="lines">In place of those a terminal would show; what is longer than 200 columns is cut.</param>
    public static string Of(string title, IReadOnlyList<string> lines)
    {
        List<string> shown = [.. lines.Select(l => l.Length <= Most ? l : l[..(Most - 1)] + "…")];
        var width = (int)Math.Ceiling((Math.Max(Fewest, shown.Select(l => l.Length).DefaultIfEmpty().Max()) * Letter) + (2 * Margin));
        var height = (shown.Count * LineHeight) + (2 * Margin);
        var body = new StringBuilder();
        foreach (var (i, line) in shown.Index().Where(l => l.Item.Length > 0))
            body.Append($"<text x=\"{Margin}\" y=\"{Margin + 13 + (i * LineHeight)}\">{SvgText.Escape(line)}</text>\n");
        return $$"""
            <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {{width}} {{height}}" width="{{width}}" height="{{height}}"
            role="img" aria-labelledby="t">
            <title id="t">{{SvgText.Escape(title)}}</title>
            <style>
            text { font: 13px ui-monospace, "DejaVu Sans Mono", monospace; fill: #1a1c20; white-space: pre }
            .panel { fill: #f6f7f9; stroke: #cdd2da }
            @media (prefers-color-scheme: dark) {
            text { fill: #eceef2 }
            .panel { fill: #1d2026; stroke: #3a404b }
            }
            </style>
            <rect class="panel" x="0.5" y="0.5" width="{{width - 1}}" height="{{height - 1}}" rx="10"/>
            {{body}}</svg>

            """;
    }
}
