using System.Globalization;
using System.Text;

namespace Gfxbake.Formats.Strace;

/// <summary>Gathers what is wrong with a log, keeps the first few, counts all.</summary>
internal sealed class ProblemList
{
    private const int ShownBytes = 160;

    private readonly List<TraceProblem> problems = [];
    private long total;

    public void Add(long line, string message, ReadOnlySpan<byte> text)
    {
        total++;
        if (problems.Count < TraceFormatException.MostProblems)
            problems.Add(new TraceProblem(line, message, Printable(text)));
    }

    public void ThrowIfAny()
    {
        if (total > 0)
            throw new TraceFormatException(problems, total);
    }

    private static string Printable(ReadOnlySpan<byte> text)
    {
        var shown = new StringBuilder();
        foreach (byte b in text[..Math.Min(text.Length, ShownBytes)])
        {
            if (b is >= 0x20 and < 0x7f)
                shown.Append((char)b);
            else
                shown.Append(CultureInfo.InvariantCulture, $"\\x{b:x2}");
        }
        return text.Length > ShownBytes ? shown.Append("...").ToString() : shown.ToString();
    }
}
