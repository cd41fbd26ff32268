using System.Text.RegularExpressions;
using Gfxbake.Formats.Text;

namespace Gfxbake.Pipeline.Bench;

/// <summary>Looks in a server's log for the lines that prove that a device was used.</summary>
/// <param name="patterns">Regular expressions for lines that must all be there.</param>
public sealed class ProofLines(IReadOnlyList<string> patterns)
{
    private readonly IReadOnlyList<Regex> proofs =
    [
        .. patterns.Select(p => new Regex(p, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant)),
    ];

    /// <summary>The lines, one of each expression; null when one is missing.</summary>
    public string? In(string log)
    {
        var found = new string?[proofs.Count];
        foreach (var line in log.Split('\n'))
        {
            for (var i = 0; i < found.Length; i++)
                found[i] ??= proofs[i].IsMatch(line) ? PlainText.Line(PlainText.Visible(line)) : null;
        }

        return found.Length > 0 && Array.TrueForAll(found, f => f is not null) ? PlainText.Line(string.Join("; ", found)) : null;
    }
}
