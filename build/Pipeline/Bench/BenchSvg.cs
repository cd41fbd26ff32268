using System.Text;
using static Gfxbake.Formats.Text.SvgText;

namespace Gfxbake.Pipeline.Bench;

/// <summary>Draws runs as curves, a panel for each series: medians as a line, and from the least to the most sample as a bar.</summary>
/// <remarks>As sizes.svg it has a panel of its own behind it, which follows the viewer's scheme.</remarks>
public sealed class BenchSvg
{
    private const int Width = 840;
    private const int Margin = 20;
    private const int Gap = 24;
    private const int PanelWidth = (Width - (2 * Margin) - Gap) / 2;
    private const int PanelHeight = 230;
    private const int Left = 66;
    private const int Bottom = 34;
    private const int MostTicks = 6;
    private const int MostPanels = 12;

    /// <summary>So many colours are told apart; more runs make no picture.</summary>
    public const int MostRuns = 6;

    // About the width of a letter at 13 px.
    private const double Letter = 7.9;
    private const int TitleLength = (int)((Width - (2 * Margin) - 18) / Letter);

    private readonly IReadOnlyList<BenchRecord> runs;
    private readonly StringBuilder body = new();
    private int top = Margin;

    private BenchSvg(IReadOnlyList<BenchRecord> runs) => this.runs = runs;

    /// <param name="name">The file, for the message.</param>
    /// <param name="runs">Complete ones.</param>
    /// <exception cref="BenchException">One is not complete, or there are too many for one picture.</exception>
    public static string Of(string name, IReadOnlyList<BenchRecord> runs)
    {
        BenchFiles.NeedComplete(name, runs);
        return runs.Count <= MostRuns
            ? new BenchSvg(runs).Draw()
            : throw new BenchException($"{name} has {runs.Count} runs; a picture shows {MostRuns} at most");
    }

    private string Draw()
    {
        foreach (var (i, run) in runs.Index())
        {
            body.Append($"<rect class=\"c{i}\" x=\"{Margin}\" y=\"{top + 2}\" width=\"12\" height=\"12\"/>\n");
            foreach (var line in Lines(run.Heading))
            {
                Text(Margin + 18, top + 13, "strong", line);
                top += 20;
            }
        }

        top += 12;
        var panels = runs.SelectMany(r => r.Series).Select(s => (s.Name, s.Unit, s.Axis)).Distinct().Take(MostPanels).ToList();
        foreach (var (i, (name, unit, axis)) in panels.Index())
        {
            Panel(Margin + (i % 2 * (PanelWidth + Gap)), top, name, unit, axis);
            if (i % 2 == 1 || i == panels.Count - 1)
                top += PanelHeight + 16;
        }

        Text(Margin, top + 10, "", "Lines join medians; bars go from the least to the most sample.");
        top += 16;
        return Frame();
    }

    private void Panel(int x0, int y0, string name, string unit, string axis)
    {
        var curves = runs.Index()
            .SelectMany(r =>
                r.Item.Series.Where(s => (s.Name, s.Unit, s.Axis) == (name, unit, axis))
                    .Select(s => (Run: r.Index, Points: s.Points.OrderBy(p => p.X).ToList()))
            )
            .ToList();
        List<long> xs = [.. curves.SelectMany(c => c.Points.Select(p => p.X)).Distinct().Order()];
        var (least, most) = (xs[0], xs[^1]);
        var highest = Round(curves.SelectMany(c => c.Points).Max(p => p.Most));
        Text(x0, y0 + 13, "strong", $"{Cut(name, 24)}, {Cut(unit, 16)}");
        var (ceiling, floor) = (y0 + 28, y0 + PanelHeight - Bottom);
        for (var i = 0; i <= 4; i++)
        {
            var y = floor - ((floor - ceiling) * i / 4.0);
            body.Append($"<line x1=\"{x0 + Left}\" x2=\"{x0 + PanelWidth}\" y1=\"{Number(y)}\" y2=\"{Number(y)}\"/>\n");
            Text(x0 + Left - 6, y + 4, "end", BenchText.Number(highest * i / 4));
        }

        foreach (var x in Ticks(xs))
            Text(X(x), floor + 17, Anchor(x), $"{x}");
        Text(x0 + PanelWidth, floor + 32, "end", Cut(axis, 24));
        foreach (var (run, points) in curves)
        {
            var line = string.Join(' ', points.Select(p => $"{Number(X(p.X))},{Number(Y(p.Median))}"));
            body.Append($"<polyline class=\"s{run}\" points=\"{line}\"/>\n");
            foreach (var point in points)
            {
                var (x, high, low) = (Number(X(point.X)), Number(Y(point.Most)), Number(Y(point.Least)));
                body.Append($"<line class=\"s{run}\" x1=\"{x}\" x2=\"{x}\" y1=\"{high}\" y2=\"{low}\"/>\n");
                body.Append($"<circle class=\"c{run}\" cx=\"{x}\" cy=\"{Number(Y(point.Median))}\" r=\"3.5\"/>\n");
            }
        }

        string Anchor(long x) =>
            least == most ? "middle"
            : x == most ? "end"
            : x == least ? ""
            : "middle";
        double X(long x) => x0 + Left + 8 + ((PanelWidth - Left - 16) * (most == least ? 0.5 : (x - least) / (double)(most - least)));
        double Y(double value) => floor - ((floor - ceiling) * value / highest);
    }

    /// <summary>Few enough that their numbers do not touch, the first and the last among them.</summary>
    private static IEnumerable<long> Ticks(List<long> xs) =>
        xs.Count <= MostTicks ? xs : Enumerable.Range(0, MostTicks).Select(i => xs[i * (xs.Count - 1) / (MostTicks - 1)]).Distinct();

    /// <summary>The next number with one digit that is not 0, so that quarters of it are short.</summary>
    private static double Round(double value)
    {
        var step = Math.Pow(10, Math.Floor(Math.Log10(value)));
        return Math.Ceiling(value / step) * step;
    }

    private static IEnumerable<string> Lines(string heading) => Formats.Text.TextLines.Wrap(Cut(heading, 3 * TitleLength), TitleLength, "");

    private string Frame() =>
        $$"""
            <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {{Width}} {{top + Margin}}" width="{{Width}}" height="{{top
                + Margin}}" role="img" aria-labelledby="t">
            <title id="t">{{Escape(string.Join("; ", runs.Select(r => r.Heading)))}}</title>
            <style>
            text { font: 13px ui-monospace, "DejaVu Sans Mono", monospace; fill: #1a1c20 }
            .strong { font-weight: bold } .end { text-anchor: end } .middle { text-anchor: middle }
            .panel { fill: #f6f7f9; stroke: #cdd2da }
            line { stroke: #cdd2da } polyline { fill: none } [class^="s"] { stroke-width: 2 }
            .c0 { fill: #2f74d0 } .c1 { fill: #c2620a } .c2 { fill: #2a8a5f } .c3 { fill: #b8417a } .c4 { fill: #7a55c7 }
            .c5 { fill: #0f858c }
            .s0 { stroke: #2f74d0 } .s1 { stroke: #c2620a } .s2 { stroke: #2a8a5f } .s3 { stroke: #b8417a } .s4 { stroke: #7a55c7 }
            .s5 { stroke: #0f858c }
            @media (prefers-color-scheme: dark) {
            text { fill: #eceef2 }
            .panel { fill: #1d2026; stroke: #3a404b }
            line { stroke: #3a404b }
            .c0 { fill: #6aa5f2 } .c1 { fill: #f1a33c } .c2 { fill: #5cc596 } .c3 { fill: #e58ab3 } .c4 { fill: #b39af0 }
            .c5 { fill: #4cc3ca }
            .s0 { stroke: #6aa5f2 } .s1 { stroke: #f1a33c } .s2 { stroke: #5cc596 } .s3 { stroke: #e58ab3 } .s4 { stroke: #b39af0 }
            .s5 { stroke: #4cc3ca }
            }
            </style>
            <rect class="panel" x="0.5" y="0.5" width="{{Width - 1}}" height="{{top + Margin - 1}}" rx="10"/>
            {{body}}</svg>

            """;

    private void Text(double x, double y, string style, string text) =>
        body.Append($"<text{(style.Length > 0 ? $" class=\"{style}\"" : "")} x=\"{Number(x)}\" y=\"{Number(y)}\">{Escape(text)}</text>\n");

    private static string Cut(string text, int columns) => text.Length <= columns ? text : text[..(columns - 1)] + "…";
}
