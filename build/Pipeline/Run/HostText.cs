using Gfxbake.Formats.Text;
using Gfxbake.Recipes.Shared;

namespace Gfxbake.Pipeline.Run;

/// <summary>A report for people: 80 columns, no colour. Commands stay whole, so that they can be copied.</summary>
public static class HostText
{
    private const int Columns = 80;
    private const int LevelColumns = 9;

    private static readonly string Indent = new(' ', LevelColumns);

    public static IEnumerable<string> Lines(HostReport report)
    {
        yield return $"{report.Recipe}, variant {report.Variant}, made for {report.Gpu}";
        yield return "";
        foreach (var line in report.Findings.SelectMany(Lines))
            yield return line;
        if (report.Boot.Count > 0)
        {
            yield return "";
            yield return "Kernel parameters, each changed by one command; then boot anew:";
            foreach (var advice in report.Boot)
            {
                yield return "  " + advice.Name;
                // A command may go on in a second line, as a shell reads it.
                foreach (var command in advice.Run.SelectMany(r => r.Split('\n')))
                    yield return "    " + command;
            }
        }

        yield return "";
        foreach (var line in TextLines.Wrap(Verdict(report), Columns, ""))
            yield return line;
    }

    /// <summary>One sentence: whether the run can work, and how much was found.</summary>
    public static string Verdict(HostReport report)
    {
        var counts = new[] { FindingLevel.Error, FindingLevel.Warning, FindingLevel.Note }
            .Select(l => (Level: l, Count: report.Findings.Count(f => f.Level == l)))
            .Where(c => c.Count > 0)
            .Select(c => $"{c.Count} {Word(c.Level)}{(c.Count == 1 ? "" : "s")}")
            .ToList();
        return (report.Works ? "It can run here" : "It can't run on a GPU here")
            + (counts.Count == 0 ? "." : $": {TextLines.List(counts)}.");
    }

    private static IEnumerable<string> Lines(HostFinding finding)
    {
        var head = Word(finding.Level).PadRight(LevelColumns) + finding.Title + ": " + finding.Found;
        foreach (var line in TextLines.Wrap(head, Columns, Indent))
            yield return line;
        var source = finding.Why is null || finding.Source is null ? null : $"({finding.Source}, read {finding.Read})";
        foreach (var text in new[] { finding.Why, source, finding.Remedy is null ? null : "Do: " + finding.Remedy }.OfType<string>())
        {
            foreach (var line in TextLines.Wrap(Indent + text, Columns, Indent))
                yield return line;
        }

        foreach (var command in finding.Run)
            yield return $"{Indent}    {command}";
        foreach (var parameter in finding.Remove)
            yield return $"{Indent}    kernel parameter, out: {parameter}";
        foreach (var parameter in finding.Add)
            yield return $"{Indent}    kernel parameter, in: {parameter}";
    }

    private static string Word(FindingLevel level) => level.ToString().ToLowerInvariant();
}
