using System.Globalization;
using System.Text;

namespace Gfxbake.Formats.Strace;

/// <summary>One thing wrong with a log.</summary>
/// <param name="Line">Counted from 1; 0 for the log as a whole.</param>
/// <param name="Message">What is wrong and, where it helps, what to do.</param>
/// <param name="Text">The start of the line with control characters escaped; empty for the log as a whole.</param>
public sealed record TraceProblem(long Line, string Message, string Text);

/// <summary>Everything that was wrong with one log: thrown once, at its end.</summary>
public sealed class TraceFormatException : Exception
{
    /// <summary>Problems beyond this number are only counted.</summary>
    public const int MostProblems = 20;

    public TraceFormatException(IReadOnlyList<TraceProblem> problems, long total)
        : base(Describe(problems, total))
    {
        Problems = problems;
        Total = total;
    }

    /// <summary>The first problems in the order of the log, at most <see cref="MostProblems"/>.</summary>
    public IReadOnlyList<TraceProblem> Problems { get; }

    /// <summary>How many problems there are in all.</summary>
    public long Total { get; }

    private static string Describe(IReadOnlyList<TraceProblem> problems, long total)
    {
        ArgumentNullException.ThrowIfNull(problems);
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"the strace log can't be used, {total} problem{(total == 1 ? "" : "s")}:");
        foreach (TraceProblem problem in problems)
        {
            text.Append(problem.Line == 0 ? "\nend of log" : $"\nline {problem.Line}").Append(": ").Append(problem.Message);
            if (problem.Text.Length > 0)
                text.Append(": ").Append(problem.Text);
        }
        if (total > problems.Count)
            text.Append(CultureInfo.InvariantCulture, $"\nand {total - problems.Count} more");
        return text.ToString();
    }
}
