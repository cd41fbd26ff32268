using Gfxbake.Formats.Text;
using Gfxbake.Recipes.Model;

namespace Gfxbake.Pipeline.Outputs.Sizes;

/// <summary>Compares a report with a variant's budget and explains what went over it.</summary>
public static class BudgetCheck
{
    public const int Shown = 10;
    private const int PathColumns = 50;

    /// <summary>Figures that have a budget and were not measured.</summary>
    public static IReadOnlyList<string> Unmeasured(SizeReport report, SizeBudget? budget) =>
        budget?.Zst is not null && report.ZstBytes is null ? ["budget zst is not checked: its archive is missing"] : [];

    /// <summary>The message of a build that is over its budget, or null.</summary>
    /// <param name="report">The build.</param>
    /// <param name="budget">The variant's.</param>
    /// <param name="last">The last recorded row of this variant, if any.</param>
    /// <param name="recorded">The files at that row, if they are kept.</param>
    /// <param name="command">The command that runs a target for this build.</param>
    public static string? Explain(
        SizeReport report,
        SizeBudget? budget,
        HistoryRow? last,
        RecordedEntries? recorded,
        Func<string, string> command
    )
    {
        if (budget is null)
            return null;
        var over = new[]
        {
            ("full", budget.Full, report.FullBytes),
            ("minimal", budget.Minimal, report.MinimalBytes),
            ("zst", budget.Zst, report.ZstBytes ?? 0),
        }
            .Where(b => b.Item2 is { } limit && b.Item3 > limit.Bytes)
            .Select(b =>
                $"  {b.Item1} has {Exact(b.Item3)}, {Amount(b.Item3 - b.Item2!.Value.Bytes)} over its {Exact(b.Item2.Value.Bytes)}"
            )
            .ToList();
        if (over.Count == 0)
            return null;
        return string.Join(
            '\n',
            [
                $"over the budget of recipes/{report.Recipe}/recipe.yml, variants.{report.Variant}.budget:",
                .. over,
                .. Causes(report, last, recorded),
                $"Next: {command("Why")} --path=… for what should not be there; "
                    + "a growth that is wanted needs a larger budget, then --record.",
            ]
        );
    }

    private static IEnumerable<string> Causes(SizeReport report, HistoryRow? last, RecordedEntries? recorded)
    {
        if (last is null || recorded is null)
        {
            var why = last is null
                ? $"{SizeHistory.FileName} has no row of this variant"
                : $"recipes/{report.Recipe}/sizes-{report.Variant}.txt is missing";
            yield return $"What grew is not known, because {why}. The largest files of the minimal image:";
            foreach (var entry in report.Largest.Take(Shown))
                yield return $"  {SizeText.Of(entry.Bytes), 12}  {Path(entry.Path)}";
            yield break;
        }

        yield return $"Grown most since {last.Date:yyyy-MM-dd} ({last.ShortRevision}), in the minimal image:";
        var grown = recorded.Grown(report, Shown);
        if (grown.Count == 0)
            yield return "  nothing";
        foreach (var growth in grown)
        {
            yield return $"  {"+" + Amount(growth.Bytes), 12} to {SizeText.Of(growth.After), 10}  "
                + $"{(growth.Path == "*" ? "(all smaller files together)" : Path(growth.Path))}{(growth.Before is null ? " (new)" : "")}";
        }
    }

    private static string Path(string path) => PlainText.Tail(PlainText.Visible(path), PathColumns);

    private static string Amount(long bytes) => SizeText.Of(bytes);

    // A figure that rounds to its budget must still show that it is over it.
    private static string Exact(long bytes) =>
        $"{SizeText.Of(bytes)} ({bytes.ToString("#,0", System.Globalization.CultureInfo.InvariantCulture)} bytes)";
}
