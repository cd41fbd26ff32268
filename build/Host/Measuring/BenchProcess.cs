using System.Collections.Concurrent;
using Gfxbake.Host.Tools;
using Gfxbake.Pipeline.Bench;
using Gfxbake.Pipeline.Serving;

namespace Gfxbake.Host.Measuring;

/// <summary>Runs the program that measures, and hands on each line while it runs.</summary>
public static class BenchProcess
{
    private const int MostWaiting = 10_000;
    private const int MostErrors = 8;
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan End = TimeSpan.FromSeconds(30);

    /// <param name="context">The build, whose lock is held.</param>
    /// <param name="program">What runs.</param>
    /// <param name="output">Gets the lines of the standard output; one may come twice.</param>
    /// <param name="error">Gets those of the standard error.</param>
    /// <exception cref="BenchException">The program failed; the message has its last words.</exception>
    public static void Run(BuildContext context, ProgramRun program, Action<string> output, Action<string> error)
    {
        using var lines = new BlockingCollection<(bool IsError, string Line)>(MostWaiting);
        using var run = ContainerRun.Start(context, program, (isError, line) => Add(lines, isError, line));
        var last = new Queue<string>();
        try
        {
            while (!run.HasExited || lines.Count > 0)
            {
                context.Interruption.ThrowIfRequested();
                if (!lines.TryTake(out var taken, Look))
                    continue;
                (taken.IsError ? error : output)(taken.Line);
                if (!taken.IsError)
                    continue;
                last.Enqueue(taken.Line);
                if (last.Count > MostErrors)
                    last.Dequeue();
            }

            if (run.Wait(End) is not 0 and var status)
            {
                throw new BenchException(
                    $"{program.Program} ended with status {status}; what was measured before is kept. Its last words:\n"
                        + string.Join('\n', last.Select(l => "  " + Formats.Text.PlainText.Line(l)))
                );
            }
        }
        finally
        {
            lines.CompleteAdding();
        }

        // The log has what an attached client may have lost.
        foreach (var line in run.Stderr.Split('\n'))
            error(line);
        foreach (var line in run.Stdout.Split('\n'))
            output(line);
    }

    private static void Add(BlockingCollection<(bool IsError, string Line)> lines, bool isError, string line)
    {
        try
        {
            lines.Add((isError, line));
        }
        catch (InvalidOperationException)
        {
            // Whoever reads has gone away, and the container is being ended.
        }
    }
}
