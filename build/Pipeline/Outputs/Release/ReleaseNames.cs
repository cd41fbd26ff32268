using System.Text.RegularExpressions;

namespace Gfxbake.Pipeline.Outputs.Release;

/// <summary>Names that git and GitHub take as they are.</summary>
public static partial class ReleaseNames
{
    /// <summary>
    /// The tag of a release of one recipe's variant: RECIPE-VARIANT-VERSION. '~' of Debian's versions becomes '_' as DEP-14 has it, and
    /// whatever else a tag can't hold becomes '-'.
    /// </summary>
    public static string DefaultTag(string recipe, string variant, string version)
    {
        var letters = version.Select(c =>
            c == '~' ? '_'
            : char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '+' ? c
            : '-'
        );
        return $"{recipe}-{variant}-{string.Concat(letters).Replace("..", ".-", StringComparison.Ordinal).TrimEnd('.')}";
    }

    /// <summary>Whether a tag is one for git (git-check-ref-format(1)) that needs no escaping in an address.</summary>
    public static bool IsTag(string tag) =>
        Tag().IsMatch(tag)
        && !tag.Contains("..", StringComparison.Ordinal)
        && !tag.EndsWith('.')
        && !tag.EndsWith(".lock", StringComparison.OrdinalIgnoreCase);

    /// <summary>A file's name as GitHub keeps it: it replaces special characters by '.' and takes dots off the ends.</summary>
    public static string Asset(string file) =>
        string.Concat(file.Select(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-' or '+' ? c : '.')).Trim('.');

    /// <summary>The name of one of several parts; sorted by name the parts are in order.</summary>
    /// <param name="file">The whole file's name.</param>
    /// <param name="part">From 1.</param>
    /// <param name="parts">How many there are.</param>
    public static string Part(string file, int part, int parts) =>
        $"{file}.part-{part.ToString().PadLeft(parts.ToString().Length, '0')}-of-{parts}";

    [GeneratedRegex(@"\A[0-9A-Za-z][0-9A-Za-z._+-]{0,199}\z")]
    private static partial Regex Tag();
}
