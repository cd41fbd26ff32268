using System.Text;
using System.Text.RegularExpressions;
using Gfxbake.Formats.Text;

namespace Gfxbake.Formats.Logs;

/// <summary>
/// Reads a server's log line by line, in memory that does not grow with it: what the server wrote, what journalctl printed in its forms
/// short, short-iso and cat, or what an engine kept of a container. Bytes that are no text are read as such.
/// </summary>
public static partial class LogReader
{
    /// <summary>Bytes of a line that are read.</summary>
    public const int MostBytes = 64 * 1024;

    public static IEnumerable<LogLine> Read(Stream stream)
    {
        var source = new LineSource(stream, MostBytes);
        for (long number = 1; Next(source) is var (text, isCut); number++)
            yield return Line(number, text, isCut);
    }

    /// <summary>One line, without its end.</summary>
    public static LogLine Line(long number, string text, bool isCut = false)
    {
        var (program, rest) = Unprefixed(text);
        var plain = new LogLine
        {
            Number = number,
            Program = program,
            Text = rest,
            IsCut = isCut,
        };
        var pairs = KeyValueText.Read(rest);
        if (pairs is null || pairs.All(p => p.Key is not "msg"))
            return plain;
        var fields = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (key, value) in pairs)
            fields[key] = value;
        var message = fields["msg"];
        return plain with
        {
            Level = fields.GetValueOrDefault("level"),
            Message = message,
            Fields = fields,
            Text = string.Join(' ', pairs.Where(p => !IsHead(p.Key)).Select(p => $"{p.Key}={Shown(p.Value)}").Prepend(message)),
        };
    }

    private static (string Text, bool IsCut)? Next(LineSource source)
    {
        // A span can't live across a yield.
        var state = source.Next(out var line);
        return state == LineState.End ? null : (Encoding.UTF8.GetString(line).TrimEnd('\r'), state == LineState.TooLong);
    }

    private static bool IsHead(string key) => key is "time" or "level" or "source" or "msg";

    private static string Shown(string value) =>
        value.Length == 0 || value.Contains(' ', StringComparison.Ordinal) ? $"\"{value}\"" : value;

    private static (string? Program, string Text) Unprefixed(string text)
    {
        if (Journal().Match(text) is { Success: true } journal)
            return (journal.Groups["program"].Value, text[journal.Length..]);
        return Compose().Match(text) is { Success: true } compose ? (null, text[compose.Length..]) : (null, text);
    }

    // "Nov 04 22:35:00 host ollama[123]: ", months of any language, or "2025-07-28T13:04:33+03:00 host kernel: ".
    [GeneratedRegex(
        @"\A(?:\S{1,16} {1,2}\S{1,16} [0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{1,9})?"
            + @"|[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.,]{8,24}(?:Z|[+-][0-9:]{4,6}))"
            + @" [^ =]{1,255} (?<program>[^][ :=]{1,64})(?:\[[0-9]{1,10}\])?: ",
        RegexOptions.NonBacktracking
    )]
    private static partial Regex Journal();

    // "ollama-1  | "
    [GeneratedRegex(@"\A[A-Za-z0-9_.-]{1,64} +\| ", RegexOptions.NonBacktracking)]
    private static partial Regex Compose();
}
