using Cake.Common;
using Cake.Common.Diagnostics;
using Cake.Core;
using Gfxbake.Formats.Files;
using Gfxbake.Host.Steps;
using Gfxbake.Host.Tools;
using Gfxbake.Pipeline.Full;
using Gfxbake.Pipeline.Minimal;
using Gfxbake.Pipeline.Outputs.Sizes;
using Spectre.Console;

namespace Gfxbake.Host.Exports;

/// <summary>What both comparisons do: read the records, write the report, judge it by the budget, record it.</summary>
internal sealed class SizeComparison
{
    private const string Summary = "GITHUB_STEP_SUMMARY";

    private readonly BuildContext context;

    private SizeComparison(BuildContext context, FullRecord full, MinimalRecord minimal) =>
        (this.context, Full, Minimal) = (context, full, minimal);

    public FullRecord Full { get; }

    public MinimalRecord Minimal { get; }

    /// <exception cref="CakeException">A record is missing, or they are of different builds.</exception>
    public static SizeComparison Open(BuildContext context)
    {
        var (full, minimal) = (
            context.Need<FullRecord>(context.Paths.FullRecord, "FullImage"),
            context.Need<MinimalRecord>(context.Paths.MinimalRecord, "MinimalImage")
        );
        if (minimal.Inputs.GetValueOrDefault("full image") != full.ImageId)
            throw Stale("full.json");
        if (!File.Exists(context.Paths.Plan) || minimal.Inputs.GetValueOrDefault("plan.json") != Fingerprint.OfFile(context.Paths.Plan))
            throw Stale("plan.json");
        return new SizeComparison(context, full, minimal);

        CakeException Stale(string file) =>
            new(
                $"minimal.json was not made from the {file} that is there; "
                    + $"run {context.Command("MinimalImage")} first, so that the figures are of one build"
            );
    }

    /// <summary>The image's labels name the commit that it was made of.</summary>
    private bool OfThisCommit =>
        Minimal.Inputs.GetValueOrDefault("labels") == Fingerprint.Of(ImageLabels.Of(context.Workspace, "minimal", Full.Version));

    public void Publish(IEnumerable<SizeRow> rows)
    {
        var history = ReadHistory();
        var last = history.Last(context.Recipe.Name, context.VariantName);
        var report = SizeSurvey.Report(
            context.Recipe.Name,
            context.VariantName,
            GitRevision.Of(context),
            Versions(),
            Full,
            Minimal,
            SizeSurvey.Entries(context.ReadPlan(), Minimal.Slimmed),
            rows
        );
        var markdown = SizeMarkdown.Text(report, last, context.Command);
        RecordFile.Write(context.Paths.SizesRecord, report);
        AtomicFile.WriteText(context.Paths.SizesMarkdown, markdown);
        foreach (var line in SizeTable.Lines(report, last))
            AnsiConsole.WriteLine(line);
        AnsiConsole.WriteLine($"\n{context.Paths.Show(context.Paths.SizesMarkdown)}\n{context.Paths.Show(context.Paths.SizesRecord)}");
        AppendSummary(markdown);
        if (!OfThisCommit)
            context.Warning("the minimal image was made of another commit than {0}", report.Revision);
        foreach (var figure in BudgetCheck.Unmeasured(report, context.Variant.Budget))
            context.Warning("{0}", figure);
        if (BudgetCheck.Explain(report, context.Variant.Budget, last, ReadEntries(), context.Command) is { } over)
            throw new CakeException(over);
        if (context.Flag(Arguments.Record))
            Record(history, report);
    }

    private void Record(SizeHistory history, SizeReport report)
    {
        if (!report.Verified)
        {
            throw new CakeException(
                "the minimal image is not verified, so its size is not recorded; "
                    + $"run {context.Command("MinimalImage")} without --skip-verify"
            );
        }

        if (report.Revision.EndsWith(GitRevision.Dirty, StringComparison.Ordinal))
        {
            throw new CakeException(
                $"files differ from the commit, so nobody could build {report.Revision} again, and its size is not recorded; "
                    + $"commit them, then run {context.Command("MinimalImage")} first"
            );
        }

        if (!OfThisCommit)
        {
            throw new CakeException(
                $"the minimal image was made of another commit than {report.Revision}, so its size is not recorded; "
                    + $"run {context.Command("MinimalImage")} first"
            );
        }

        var longer = history.With(HistoryRow.Of(report, DateOnly.FromDateTime(DateTime.UtcNow)));
        var entries = RecordedEntries.Text(report);
        if (ReferenceEquals(longer, history))
        {
            context.Information("{0} has this build already", SizeHistory.FileName);
            if (File.Exists(context.Paths.RecordedEntries))
                return;
        }

        // The entries first: a row without them would compare the next build with older ones.
        AtomicFile.WriteText(context.Paths.RecordedEntries, entries);
        if (!ReferenceEquals(longer, history))
            AtomicFile.WriteText(context.Paths.SizeHistory, longer.Text);
        context.Information(
            "recorded in {0} and {1}; commit both",
            SizeHistory.FileName,
            context.Paths.Show(context.Paths.RecordedEntries)
        );
    }

    private SortedDictionary<string, string> Versions()
    {
        var all = Full
            .Packages.GroupBy(p => p.Name, StringComparer.Ordinal)
            .ToDictionary(g => g.Key, g => g.First().Version, StringComparer.Ordinal);
        var missing = context.Variant.ReportVersions.Where(n => !all.ContainsKey(n)).ToList();
        if (missing.Count > 0)
        {
            throw new CakeException(
                $"package {string.Join(", ", missing)} (report_versions) is not in the full image; "
                    + $"correct recipes/{context.Recipe.Name}/recipe.yml"
            );
        }

        var versions = new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            [context.Variant.Source?.Name ?? context.Variant.VersionOf!] = Full.Version,
        };
        foreach (var name in context.Variant.ReportVersions)
            versions[name] = all[name];
        return versions;
    }

    private SizeHistory ReadHistory() => Read(context.Paths.SizeHistory, SizeHistory.Parse) ?? SizeHistory.Empty;

    private RecordedEntries? ReadEntries() =>
        Read(context.Paths.RecordedEntries, t => RecordedEntries.Parse(t, context.Paths.Show(context.Paths.RecordedEntries)));

    private static T? Read<T>(string file, Func<string, T> parse)
        where T : class
    {
        try
        {
            return File.Exists(file) ? parse(File.ReadAllText(file)) : null;
        }
        catch (SizeFormatException error)
        {
            throw new CakeException(error.Message);
        }
    }

    private void AppendSummary(string markdown)
    {
        if (context.EnvironmentVariable(Summary) is not { Length: > 0 } file)
            return;
        try
        {
            File.AppendAllText(Path.GetFullPath(file, context.Root), markdown + "\n");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new CakeException($"${Summary} names {file}, which can't be written: {error.Message}");
        }
    }
}
