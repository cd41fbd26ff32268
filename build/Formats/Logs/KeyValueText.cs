using System.Globalization;
using System.Text;

namespace Gfxbake.Formats.Logs;

/// <summary>Records of Go's log/slog as text: time=… level=INFO source=a.go:1 msg="…" key=value. strconv.Quote quotes.</summary>
public static class KeyValueText
{
    /// <summary>The pairs of a line, in their order; null when some of it is no pair.</summary>
    public static IReadOnlyList<KeyValuePair<string, string>>? Read(string line)
    {
        var pairs = new List<KeyValuePair<string, string>>();
        for (var at = 0; at < line.Length; )
        {
            if (line[at] == ' ')
            {
                at++;
                continue;
            }

            if (Word(line, ref at, '=') is not { Length: > 0 } key || at >= line.Length || line[at] != '=')
                return null;
            at++;
            if (Word(line, ref at, ' ') is not { } value)
                return null;
            pairs.Add(new(key, value));
        }

        return pairs.Count == 0 ? null : pairs;
    }

    /// <summary>A quoted word, or what stands before a sign; null when a quote does not end.</summary>
    private static string? Word(string line, ref int at, char end)
    {
        if (at < line.Length && line[at] == '"')
            return Quoted(line, ref at);
        var start = at;
        while (at < line.Length && line[at] != end && line[at] != ' ')
            at++;
        return line[start..at];
    }

    private static string? Quoted(string line, ref int at)
    {
        var text = new StringBuilder();
        for (at++; at < line.Length; at++)
        {
            if (line[at] == '"')
            {
                at++;
                // Behind it comes a space, a '=' or nothing.
                return at == line.Length || line[at] is ' ' or '=' ? text.ToString() : null;
            }

            if (line[at] != '\\')
                text.Append(line[at]);
            else if (++at >= line.Length || !Escaped(line, ref at, text))
                return null;
        }

        return null;
    }

    private static bool Escaped(string line, ref int at, StringBuilder text)
    {
        const string signs = "abfnrtv\\\"'",
            meant = "\a\b\f\n\r\t\v\\\"'";
        var sign = signs.IndexOf(line[at], StringComparison.Ordinal);
        if (sign >= 0)
        {
            text.Append(meant[sign]);
            return true;
        }

        var digits = line[at] switch
        {
            'x' => 2,
            'u' => 4,
            'U' => 8,
            _ => 0,
        };
        if (
            digits == 0
            || at + digits >= line.Length
            || !int.TryParse(line.AsSpan(at + 1, digits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code)
        )
        {
            return false;
        }

        at += digits;
        text.Append(Rune.IsValid(code) ? new Rune(code) : Rune.ReplacementChar);
        return true;
    }
}
