namespace Gfxbake.Formats.Text;

/// <summary>Breaks a line at spaces, for a screen of so many columns.</summary>
public static class TextLines
{
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
