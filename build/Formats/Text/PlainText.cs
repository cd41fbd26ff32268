using System.Globalization;
using System.Text;

namespace Gfxbake.Formats.Text;

/// <summary>Text from images and recipes made harmless for a terminal and for Markdown.</summary>
public static class PlainText
{
    /// <summary>
    /// Replaces what a terminal or a reader's eye could be fooled by: control characters, those that change the direction or are
    /// invisible, line separators and halves of surrogate pairs.
    /// </summary>
    public static string Visible(string text)
    {
        if (text.All(c => c is >= ' ' and <= '~'))
            return text;
        var result = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            result.Append(
                IsHidden(rune)
                    ? rune.Value < 0x100
                        ? $"\\x{rune.Value:x2}"
                        : $"\\u{rune.Value:x4}"
                    : rune.ToString()
            );
        }

        return result.ToString();
    }

    /// <summary>What a server or a tool says, on one line that is not too long; it may hold anything.</summary>
    public static string Line(string text)
    {
        const int longest = 200;
        text = string.Concat(text.Trim().Select(c => char.IsControl(c) ? ' ' : c));
        return text.Length <= longest ? text : text[..longest] + "…";
    }

    /// <summary>For a cell of a Markdown table: what would be markup is escaped. Unescaped gives it back.</summary>
    public static string Cell(string text) =>
        string.Concat(Visible(text).Select(c => "\\|`*_[]<>#~&!$@".Contains(c, StringComparison.Ordinal) ? $"\\{c}" : c.ToString()));

    /// <summary>Text of a cell without the backslashes that escape punctuation.</summary>
    public static string Unescaped(string cell)
    {
        var text = new StringBuilder(cell.Length);
        for (var i = 0; i < cell.Length; i++)
        {
            if (
                cell[i] == '\\'
                && i + 1 < cell.Length
                && cell[i + 1] < 0x80
                && (char.IsPunctuation(cell[i + 1]) || char.IsSymbol(cell[i + 1]))
            )
            {
                i++;
            }

            text.Append(cell[i]);
        }

        return text.ToString();
    }

    /// <summary>The cells of a table row without the outer bars; null when it is no row.</summary>
    public static List<string>? Cells(string line)
    {
        line = line.Trim();
        var cells = new List<string>();
        if (line.Length < 2 || line[0] != '|')
            return null;
        var start = 1;
        for (var i = 1; i < line.Length; i++)
        {
            if (line[i] == '\\')
            {
                i++;
            }
            else if (line[i] == '|')
            {
                cells.Add(Unescaped(line[start..i].Trim()));
                start = i + 1;
            }
        }

        return start == line.Length ? cells : null;
    }

    /// <summary>A path as code inside a table; a backtick would end the span.</summary>
    public static string Code(string path) =>
        $"`{Visible(path).Replace("`", "\\x60", StringComparison.Ordinal).Replace("|", "\\|", StringComparison.Ordinal)}`";

    /// <summary>Cuts the start off, for paths: their end says more.</summary>
    public static string Tail(string text, int columns) => text.Length <= columns ? text : "…" + text[^(columns - 1)..];

    private static bool IsHidden(Rune rune) =>
        rune == Rune.ReplacementChar
        || Rune.GetUnicodeCategory(rune)
            is UnicodeCategory.Control
                or UnicodeCategory.Format
                or UnicodeCategory.LineSeparator
                or UnicodeCategory.ParagraphSeparator
                or UnicodeCategory.Surrogate
                or UnicodeCategory.OtherNotAssigned
                or UnicodeCategory.PrivateUse;
}
