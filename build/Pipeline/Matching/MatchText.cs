using Gfxbake.Formats.Text;

namespace Gfxbake.Pipeline.Matching;

/// <summary>A report for people: 80 columns, no colour.</summary>
public static class MatchText
{
    private const int Columns = 80;
    private const string Indent = "           ";

    public static IEnumerable<string> Lines(MatchReport report)
    {
        foreach (var line in Machine(report).SelectMany(l => Row(l.Name, l.Text)))
            yield return line;
        yield return "";
        foreach (var pairing in report.Pairings)
        {
            foreach (var line in Row(pairing.Kind, $"{pairing.Library} with {pairing.Rocm ?? "no ROCm of its own"}"))
                yield return line;
            var more = pairing.Reasons.Skip(pairing.Verdict == PairingVerdict.Loads ? 0 : 1).SelectMany(r => Row("", r));
            foreach (var line in Row("", pairing.Sentence).Concat(more))
                yield return line;
        }

        yield return "";
        foreach (var option in report.Decision.Options)
        {
            var text = $"{(option.IsPossible ? "possible" : "no")}: {PlainText.Visible(option.What)}";
            foreach (var line in Row(option.Name, text))
                yield return line;
            if (option.IsPossible)
            {
                foreach (var line in Row("", $"Risk {option.Risk}. Undo {option.Reversibility}. Touches {option.Impact}."))
                    yield return line;
            }
        }

        yield return "";
        foreach (var line in TextLines.Wrap(Verdict(report), Columns, ""))
            yield return line;
    }

    /// <summary>The recommendation in one line.</summary>
    public static string Verdict(MatchReport report) => "Recommended: " + PlainText.Visible(report.Decision.Sentence);

    /// <summary>What was found, by kind.</summary>
    public static IEnumerable<(string Name, string Text)> Machine(MatchReport report)
    {
        foreach (var ollama in report.Found.Ollamas)
        {
            yield return (
                "Ollama",
                PlainText.Visible($"{ollama.Folder}, version {ollama.Version ?? "unknown"}, ")
                    + (ollama.Layout is null ? "no known layout" : $"layout {ollama.Layout}: {ollama.About}")
            );
            foreach (var problem in ollama.Problems)
                yield return ("", PlainText.Visible(problem));
        }

        foreach (var rocm in report.Found.Rocms)
        {
            var version = rocm.Version is null ? "" : $", version {rocm.Version}";
            yield return ("ROCm", PlainText.Visible($"{rocm.Libraries} ({rocm.Kind}{version}; {string.Join(", ", rocm.Hip)})"));
        }

        if (report.Found.Rocms.Count == 0)
            yield return ("ROCm", "none on this machine");
        var gpus = report.Found.Gpus.Select(g => g.Name).ToList();
        yield return (
            "GPUs",
            gpus.Count == 0 ? "none in /sys/class/kfd, so for which there is code is not judged" : string.Join(", ", gpus)
        );
        foreach (var variable in report.Found.Variables)
            yield return ("in force", PlainText.Visible($"{variable.Name}={variable.Value} ({variable.From})"));
    }

    private static IEnumerable<string> Row(string name, string text) =>
        TextLines.Wrap(name.PadRight(Indent.Length) + text, Columns, Indent);
}
