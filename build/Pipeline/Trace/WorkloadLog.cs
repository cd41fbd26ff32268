using System.Text;
using Gfxbake.Formats.Files;
using Gfxbake.Formats.Text;

namespace Gfxbake.Pipeline.Trace;

/// <summary>What a workload printed, for people; its JSON record has no line breaks to read by.</summary>
public static class WorkloadLog
{
    private const int Shown = 8,
        Columns = 140;

    /// <summary>Writes output, errors and answers as they came.</summary>
    public static void Write(string file, WorkloadResult result)
    {
        var text = new StringBuilder($"exit status {result.ExitCode}{(result.Failure is { } failure ? ": " + failure : "")}\n");
        foreach (var answer in result.Answers)
            Part($"{answer.Request} answered {answer.Status}", answer.Body);
        foreach (var client in result.Clients)
            Part(client.Failure is { } why ? "a program beside the server " + why : "output of a program beside the server", client.Output);
        Part("standard output", result.Stdout);
        Part("standard error", result.Stderr);
        AtomicFile.WriteText(file, text.ToString());

        void Part(string name, string content)
        {
            text.Append($"\n==== {name}{(content.Length == 0 ? " (empty)" : "")}\n{content}");
            if (content.Length > 0 && !content.EndsWith('\n'))
                text.Append('\n');
        }
    }

    /// <summary>The last lines that the program wrote, for an error, and where all of them are.</summary>
    public static string Ending(WorkloadResult result, string shownFile)
    {
        var lines = Lines(result.Stderr) is { Count: > 0 } errors ? errors : Lines(result.Stdout);
        var last = lines.TakeLast(Shown).Select(l => "\n      " + (l.Length <= Columns ? l : l[..Columns] + "…"));
        return lines.Count == 0
            ? $"it printed nothing ({shownFile})"
            : $"the end of its output ({shownFile} has all of it):{string.Concat(last)}";
    }

    private static List<string> Lines(string text) =>
        [
            .. text.Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Select(l => PlainText.Visible(l.TrimEnd().Replace("\t", "    ", StringComparison.Ordinal)))
                .Where(l => l.Length > 0),
        ];
}
