using System.Text.RegularExpressions;

namespace Gfxbake.Formats.Text;

/// <summary>Commands for people to copy into a shell.</summary>
public static partial class ShellText
{
    /// <summary>How wide a screen is taken to be.</summary>
    public const int Columns = 80;

    /// <summary>A word as a shell takes it. A '~' stays one, so that a home folder can be named.</summary>
    public static string Quote(string word) => Plain().IsMatch(word) ? word : $"'{word.Replace("'", @"'\''", StringComparison.Ordinal)}'";

    /// <summary>A command over as many lines as a screen needs; what belongs together is one part.</summary>
    /// <param name="parts">Words, or several that stay on one line, as the shell reads them.</param>
    /// <param name="indent">Before every line.</param>
    public static IEnumerable<string> Lines(IEnumerable<string> parts, string indent = "    ")
    {
        var line = "";
        foreach (var part in parts)
        {
            if (line.Length > 0 && line.Length + part.Length + 3 > Columns)
            {
                yield return line + " \\";
                line = "";
            }

            line += line.Length == 0 ? indent + part : " " + part;
        }

        yield return line;
    }

    [GeneratedRegex(@"\A[A-Za-z0-9_./:=,+@%~-]+\z")]
    private static partial Regex Plain();
}
