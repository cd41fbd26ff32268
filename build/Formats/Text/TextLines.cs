namespace Gfxbake.Formats.Text;

/// <summary>Lines as a screen can show them.</summary>
public static class TextLines
{
    private const int MostFindings = 20;

    /// <summary>The first of many findings, an indented line each.</summary>
    public static string First(IReadOnlyList<string> findings) =>
        string.Join(
            '\n',
            findings
                .Take(MostFindings)
                .Append($"… and {findings.Count - MostFindings:N0} more")
                .Take(Math.Min(findings.Count, MostFindings + 1))
                .Select(f => "  " + f)
        );

    /// <summary>"a", "a and b", "a, b and c".</summary>
    public static string List(IReadOnlyList<string> words) =>
        words.Count < 2 ? string.Concat(words) : $"{string.Join(", ", words.SkipLast(1))} and {words[^1]}";

    /// <summary>Breaks a line at spaces, for a screen of so many columns.</summary>
    /// <param name="text">One line.</param>
    /// <param name="columns">How long a line may be; a word that is longer stays whole.</param>
    /// <param name="indent">Before every line but the first.</param>
    public static IEnumerable<string> Wrap(string text, int columns, string indent)
    {
        while (text.Length > columns)
        {
            var start = text.Length - text.TrimStart().Length;
            var end = text.LastIndexOf(' ', columns);
            if (end <= start)
                end = text.IndexOf(' ', columns);
            if (end < 0)
                break;
            yield return text[..end].TrimEnd();
            text = indent + text[end..].TrimStart();
        }

        yield return text;
    }
}
