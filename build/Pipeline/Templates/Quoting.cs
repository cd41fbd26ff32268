using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Gfxbake.Pipeline.Templates;

/// <summary>How a value is written so that a program reads back just this value. What can't be written that way is refused.</summary>
public static partial class Quoting
{
    private const char FirstPrintable = ' ',
        Delete = '\x7f';

    private static readonly JsonSerializerOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>One word for a POSIX shell.</summary>
    public static string Shell(string text) =>
        ShellWord().IsMatch(text) ? text : "'" + text.Replace("'", "'\\''", StringComparison.Ordinal) + "'";

    /// <summary>A string of JSON, which is one of YAML too.</summary>
    public static string Json(string text) =>
        // YAML allows these two in no string as they are, JSON in every one.
        JsonSerializer.Serialize(NoNul(text), Relaxed).Replace("\x7f", "\\u007f", StringComparison.Ordinal);

    /// <summary>A word between double quotes with C's escapes, as systemd and quadlet read it.</summary>
    public static string Quoted(string text)
    {
        var quoted = new StringBuilder("\"");
        foreach (var sign in NoNul(text))
        {
            _ = sign switch
            {
                '"' or '\\' => quoted.Append('\\').Append(sign),
                '\n' => quoted.Append("\\n"),
                '\t' => quoted.Append("\\t"),
                < FirstPrintable or Delete => quoted.Append($"\\x{(int)sign:x2}"),
                _ => quoted.Append(sign),
            };
        }

        return quoted.Append('"').ToString();
    }

    /// <summary>Each of the signs twice, where one of them alone would mean something.</summary>
    public static string Twice(string text, string signs) => string.Concat(text.Select(c => signs.Contains(c) ? $"{c}{c}" : c.ToString()));

    /// <summary>
    /// Shell words in which two signs never stand side by side, for a program that would take them for its own before the shell does.
    /// </summary>
    /// <param name="words">As <see cref="Shell"/> writes them: a sign that means something is between single quotes.</param>
    /// <param name="signs">Two signs.</param>
    public static string Apart(string words, string signs) => words.Replace(signs, $"{signs[0]}''{signs[1..]}", StringComparison.Ordinal);

    /// <summary>A value to be written without any quoting, up to the end of its line.</summary>
    /// <param name="text">The value.</param>
    /// <param name="signs">What would end it.</param>
    public static string Bare(string text, string signs)
    {
        if (text != text.Trim())
            throw Refused(text, "begins or ends with a blank");
        if (text.EndsWith('\\'))
            throw Refused(text, "ends with a backslash, behind which the next line would go on");
        return OneLine(text).IndexOfAny([.. signs]) is >= 0 and var at ? throw Refused(text, $"has a '{text[at]}'") : text;
    }

    /// <summary>A value that a program hands to a shell, or takes apart at blanks: only what means itself everywhere.</summary>
    public static string Plain(string text) =>
        PlainWord().IsMatch(text) ? text : throw Refused(text, "has another sign than letters, digits and ./:@=+,_-");

    /// <summary>A value without line breaks and other control characters.</summary>
    public static string OneLine(string text) =>
        text.Any(char.IsControl) ? throw Refused(text, "has a control character, a line break for example") : text;

    /// <summary>A value with something in it.</summary>
    public static string Filled(string text) => text.Length == 0 ? throw Refused(text, "is empty") : text;

    private static string NoNul(string text) =>
        text.Contains('\0') ? throw Refused(text, "has a NUL, which no program can be given") : text;

    private static ArgumentException Refused(string text, string why) =>
        new($"the value '{string.Concat(text.Select(c => char.IsControl(c) ? ' ' : c))}' {why}, which can't be written there");

    [GeneratedRegex(@"\A[A-Za-z0-9_./:=@+-]+\z")]
    private static partial Regex ShellWord();

    [GeneratedRegex(@"\A[A-Za-z0-9_./:=@+,-]+\z")]
    private static partial Regex PlainWord();
}
