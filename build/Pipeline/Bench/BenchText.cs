using System.Globalization;
using Gfxbake.Formats.Text;

namespace Gfxbake.Pipeline.Bench;

/// <summary>Measurements for people: 80 columns, no colour. Every row names the device.</summary>
public static class BenchText
{
    private const int Columns = 80;

    /// <summary>A table of one run.</summary>
    public static IEnumerable<string> Lines(BenchRecord run)
    {
        foreach (var line in TextLines.Wrap(PlainText.Visible(run.Heading), Columns, "  "))
            yield return line;
        if (run.Device.Proof is { } proof)
            yield return Cut("  " + PlainText.Visible(proof), Columns);
        yield return $"{"", -8} {Cut(run.Series[0].Axis, 8), 8} {"median", 9} {"least", 9} {"most", 9}  on";
        foreach (var series in run.Series)
        {
            foreach (var point in series.Points.OrderBy(p => p.X))
            {
                yield return $"{Cut(series.Name, 8), -8} {point.X, 8} {Number(point.Median), 9} {Number(point.Least), 9} "
                    + $"{Number(point.Most), 9}  {Cut(run.Device.Label, 31)}";
            }
        }

        foreach (var unit in run.Series.GroupBy(s => s.Unit))
            yield return $"{string.Join(", ", unit.Select(s => Cut(s.Name, 20)))}: {Cut(unit.Key, 20)}";
    }

    /// <summary>A table of two runs.</summary>
    public static IEnumerable<string> Lines(BenchComparison comparison)
    {
        foreach (var line in TextLines.Wrap("A: " + PlainText.Visible(comparison.First.Heading), Columns, "   "))
            yield return line;
        foreach (var line in TextLines.Wrap("B: " + PlainText.Visible(comparison.Second.Heading), Columns, "   "))
            yield return line;
        yield return "";
        var axis = Cut(comparison.First.Series[0].Axis, 8);
        yield return $"{"", -10} {axis, 8} {"A median", 11} {"spread", 8} {"B median", 11} {"spread", 8} " + $"{"B/A", 5}  B is";
        foreach (var pair in comparison.Pairs)
        {
            yield return $"{Cut(pair.Series.Name, 10), -10} {pair.First.X, 8} {Number(pair.First.Median), 11} {Spread(pair.First), 8} "
                + $"{Number(pair.Second.Median), 11} {Spread(pair.Second), 8} {Ratio(pair.Ratio), 5}  {Word(pair)}";
        }

        if (comparison.Differences.Count == 0)
            yield break;
        yield return "";
        yield return "Besides the samples these differ:";
        foreach (var (name, first, second) in comparison.Differences)
        {
            var text = $"  {name}: A {first ?? "does not say"}; B {second ?? "does not say"}";
            foreach (var line in TextLines.Wrap(PlainText.Visible(text), Columns, "    "))
                yield return line;
        }
    }

    /// <summary>Four digits that count, at least those before the point.</summary>
    public static string Number(double value) =>
        value.ToString(
            value switch
            {
                >= 1e7 => "0.00E+0",
                >= 1000 => "#,0",
                >= 100 => "0.0",
                >= 1 => "0.00",
                0 => "0",
                >= 0.0001 => "0.0000",
                _ => "0.00E+0",
            },
            CultureInfo.InvariantCulture
        );

    /// <summary>From the least to the most sample, in parts of the median.</summary>
    private static string Spread(BenchPoint point) =>
        ((point.Most - point.Least) / point.Median * 100).ToString("0.0", CultureInfo.InvariantCulture) + " %";

    private static string Ratio(double ratio) =>
        ratio.ToString(
            ratio < 0.1 ? "0.000"
                : ratio < 100 ? "0.00"
                : "0",
            CultureInfo.InvariantCulture
        );

    private static string Word(BenchPair pair) =>
        pair.Verdict switch
        {
            BenchVerdict.Better => pair.Series.LowerIsBetter ? "quicker" : "faster",
            BenchVerdict.Worse => "slower",
            BenchVerdict.WithinNoise => "unclear",
            _ => "too few",
        };

    private static string Cut(string text, int columns)
    {
        text = PlainText.Visible(text);
        return text.Length <= columns ? text : text[..(columns - 1)] + "…";
    }
}
