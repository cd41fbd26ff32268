using Gfxbake.Formats.Logs;
using Gfxbake.Recipes.Shared;

namespace Gfxbake.Pipeline.ServerLog;

/// <summary>Reads logs of Ollama as streams; what it keeps does not grow with a log.</summary>
/// <param name="facts">What lines mean.</param>
public sealed class LogCheckup(OllamaLogFacts facts)
{
    private readonly LogPatterns patterns = new(facts.Forms);

    /// <param name="log">Anything: a file, a pipe.</param>
    public LogReport Of(Stream log)
    {
        var (run, starts) = (new LogRun(facts, patterns, 1), 0);
        long lines = 0,
            cut = 0;
        foreach (var line in LogReader.Read(log))
        {
            (lines, cut) = (line.Number, cut + (line.IsCut ? 1 : 0));
            var isStart = patterns.Start.IsMatch(line.Text);
            var version =
                isStart ? null
                : patterns.Version.Match(line.Text) is { Success: true } match ? match.Groups[1].Value
                : null;
            // Old versions say nothing but their version when they begin.
            if (isStart || (version is not null && (starts == 0 || run.Version is not null)))
            {
                // What stands before the first start belongs to it: a shell's or systemd's words.
                if (starts++ > 0)
                    run = new(facts, patterns, line.Number);
            }

            if (isStart)
                run.TakeEnvironment(line);
            else if (version is not null)
                run.Version = version;
            else
                run.Take(line);
        }

        return run.Report() with
        {
            Starts = starts,
            Lines = lines,
            CutLines = cut,
        };
    }
}
