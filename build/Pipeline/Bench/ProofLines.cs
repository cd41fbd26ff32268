using System.Text.RegularExpressions;
using Gfxbake.Formats.Text;

namespace Gfxbake.Pipeline.Bench;

/// <summary>Looks in a program's log for the lines that prove that a device was used.</summary>
/// <param name="patterns">Regular expressions for lines that must all be there.</param>
public sealed class ProofLines(IReadOnlyList<string> patterns)
{
    private readonly IReadOnlyList<Regex> proofs =
    [
        .. patterns.Select(p => new Regex(p, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant)),
    ];
    private readonly string?[] found = new string?[patterns.Count];

    /// <summary>Whether every line was seen; of no expression none is needed.</summary>
    public bool AreFound => Array.TrueForAll(found, f => f is not null);

    /// <summary>The lines, one of each expression; null when one is missing, or none is needed.</summary>
    public string? Text => found.Length > 0 && AreFound ? string.Join("; ", found) : null;

    public void Add(string line)
    {
        for (var i = 0; i < found.Length; i++)
            found[i] ??= proofs[i].IsMatch(line) ? PlainText.Line(PlainText.Visible(line)) : null;
    }

    /// <summary>The lines of a whole log, in one line; null when one is missing.</summary>
    public string? In(string log)
    {
        foreach (var line in log.Split('\n'))
            Add(line);
        return Text is { } text ? PlainText.Line(text) : null;
    }
}
