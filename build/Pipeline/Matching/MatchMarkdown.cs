using System.Text;
using Gfxbake.Formats.Text;

namespace Gfxbake.Pipeline.Matching;

/// <summary>Writes match.md: the same as on the screen, as tables.</summary>
public static class MatchMarkdown
{
    public static string Of(MatchReport report)
    {
        var text = new StringBuilder("# Ollama and ROCm\n\n");
        text.Append(PlainText.Cell(MatchText.Verdict(report))).Append("\n\n");
        Table(text, ["found", ""], MatchText.Machine(report).Select(m => new[] { m.Name, m.Text }));
        text.Append("\n## Pairings\n\n");
        Table(text, ["Ollama's library", "ROCm", "verdict", "reasons"], Pairings(report));
        text.Append("\n\"Loads\" does not mean that it works: only a run shows that.\n\n## Ways\n\n");
        Table(text, ["way", "possible", "what", "risk", "undo", "touches"], Options(report));
        return text.ToString();
    }

    internal static IEnumerable<string[]> Pairings(MatchReport report) =>
        report.Pairings.Select(p =>
            new[]
            {
                p.Library,
                $"{p.Kind}: {p.Rocm ?? "none"}",
                p.Sentence,
                string.Join("; ", p.Reasons.Where(r => !p.Sentence.EndsWith(r, StringComparison.Ordinal))),
            }
        );

    internal static IEnumerable<string[]> Options(MatchReport report) =>
        report.Decision.Options.Select(o =>
            new[]
            {
                o.Name + (o.Name == report.Decision.Recommended ? " (recommended)" : ""),
                o.IsPossible ? "yes" : "no",
                o.What,
                o.Risk,
                o.Reversibility,
                o.Impact,
            }
        );

    private static void Table(StringBuilder text, string[] heads, IEnumerable<string[]> rows)
    {
        text.Append("| ").AppendJoin(" | ", heads).Append(" |\n|").Append(string.Concat(heads.Select(_ => " --- |"))).Append('\n');
        foreach (var row in rows)
            text.Append("| ").AppendJoin(" | ", row.Select(PlainText.Cell)).Append(" |\n");
    }
}
