using System.Diagnostics;
using System.Text.RegularExpressions;
using Cake.Core.IO;
using Spectre.Console;

namespace Gfxbake.Host.Tools;

/// <summary>Takes a long program's output line by line: all of it into a log file, its milestones to the person.</summary>
public sealed partial class BuildOutput : IDisposable
{
    private const int Columns = 78;
    private const int Kept = 400;
    private const int FailureLines = 20;
    private static readonly TimeSpan Beat = TimeSpan.FromSeconds(20);

    private readonly StreamWriter log;
    private readonly Queue<string> last = new();
    private readonly List<string> failure = [];
    private readonly Lock gate = new();
    private readonly Stopwatch clock = Stopwatch.StartNew();
    private TimeSpan shown;
    private int cached,
        pulled;

    public BuildOutput(string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        log = new StreamWriter(path) { AutoFlush = true };
    }

    public void Redirect(ProcessSettings settings)
    {
        settings.RedirectStandardOutput = true;
        settings.RedirectStandardError = true;
        settings.RedirectedStandardOutputHandler = Take;
        settings.RedirectedStandardErrorHandler = Take;
    }

    public string Tail(int lines)
    {
        lock (gate)
            return string.Join('\n', last.TakeLast(lines).Select(l => "  " + l));
    }

    /// <summary>
    /// What followed the first failed command of ninja or make: others go on for a while and bury it. Empty when there was none.
    /// </summary>
    public string Failure()
    {
        lock (gate)
            return string.Join('\n', failure.Select(l => "  " + l));
    }

    /// <summary>Forgets what a failed try said; the log keeps it.</summary>
    public void StartOver()
    {
        lock (gate)
        {
            last.Clear();
            failure.Clear();
        }
    }

    public bool Has(string text)
    {
        lock (gate)
            return last.Any(l => l.Contains(text, StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>
    /// Steps that were not done because a cache had their results, and how many of these a registry gave; docker does not tell the latter.
    /// </summary>
    public (int Cached, int Pulled) Steps
    {
        get
        {
            lock (gate)
                return (cached, pulled);
        }
    }

    public void Dispose() => log.Dispose();

    private string Take(string line)
    {
        if (line is null)
            return "";
        lock (gate)
        {
            log.WriteLine(line);
            last.Enqueue(line);
            if (last.Count > Kept)
                last.Dequeue();
            if ((failure.Count > 0 || FailedCommand().IsMatch(line)) && failure.Count < FailureLines && !Command().IsMatch(line))
                failure.Add(line);
            if (CachedStep().IsMatch(line))
                cached++;
            if (line.StartsWith("--> Cache pulled from remote ", StringComparison.Ordinal))
                pulled++;
            var milestone = Milestone().IsMatch(line);
            if (milestone || clock.Elapsed - shown > Beat)
                Show(milestone ? line : "… " + line);
        }

        return "";
    }

    private void Show(string line)
    {
        shown = clock.Elapsed;
        var text = string.Concat($"  {clock.Elapsed.TotalSeconds, 4:F0} s  {line}".Where(c => !char.IsControl(c)));
        AnsiConsole.WriteLine(text.Length > Columns ? text[..(Columns - 1)] + "…" : text);
    }

    [GeneratedRegex(@"^(#\d+ [\d.]+ )?(FAILED: |gmake(\[\d+\])?: \*\*\* |make(\[\d+\])?: \*\*\* )|: (fatal )?error: ")]
    private static partial Regex FailedCommand();

    /// <summary>The compiler's command line, which is longer than what it said.</summary>
    [GeneratedRegex(@"^(#\d+ [\d.]+ )?(ccache |/usr/bin/ccache |: && |cd )")]
    private static partial Regex Command();

    [GeneratedRegex(@"^--> Using cache |^#\d+ CACHED$")]
    private static partial Regex CachedStep();

    [GeneratedRegex(@"^(\[\d+/\d+\] )?STEP \d+/\d+:|^#\d+ \[")]
    private static partial Regex Milestone();
}
