using System.Text.RegularExpressions;

namespace Gfxbake.Pipeline.Serving;

/// <summary>An option as a program's own help names it.</summary>
/// <param name="Names">All ways to write it, with their dashes.</param>
/// <param name="TakesValue">Whether the next word is its value.</param>
public sealed record HelpOption(IReadOnlyList<string> Names, bool TakesValue)
{
    /// <summary>The way to write it that says most: the first long one.</summary>
    public string Name => Names.FirstOrDefault(n => n.StartsWith("--", StringComparison.Ordinal)) ?? Names[0];
}

/// <summary>The options that a program has, read off what it prints for --help. Its text comes out of an image: it is bounded.</summary>
public sealed partial class ProgramHelp
{
    private const int MostText = 1 << 20;
    private const int MostOptions = 4096;
    private const int MostIndent = 4;

    private readonly Dictionary<string, HelpOption> options = new(StringComparer.Ordinal);

    private ProgramHelp(IEnumerable<HelpOption> found)
    {
        foreach (var option in found.Take(MostOptions))
        {
            foreach (var name in option.Names)
                options.TryAdd(name, option);
        }
    }

    public bool IsEmpty => options.Count == 0;

    public IReadOnlyCollection<string> Names => options.Keys;

    public HelpOption? Find(string word) => options.GetValueOrDefault(word);

    /// <summary>
    /// A line of an option starts at the left with its names: "-c,    --ctx-size N      what it is", "-ot --override-tensor &lt;x&gt;".
    /// </summary>
    public static ProgramHelp Parse(string text) =>
        new(text[..Math.Min(text.Length, MostText)].Split('\n').Select(Option).OfType<HelpOption>());

    private static HelpOption? Option(string line)
    {
        List<string> names = [];
        var afterComma = false;
        for (var match = Word().Match(line); match.Success; match = match.NextMatch())
        {
            var (gap, word) = (match.Groups["gap"].Value, match.Groups["word"].Value);
            var isName = Dashed().IsMatch(word.TrimEnd(','));
            // The first word is indented a little; a gap after a name without a comma ends the names.
            if (names.Count == 0 && (!isName || gap.Length > MostIndent))
                return null;
            if (names.Count > 0 && gap.Length > 1 && !afterComma)
                return new(names, false);
            if (!isName)
                return new(names, true);
            names.Add(word.TrimEnd(','));
            afterComma = word.EndsWith(',');
        }

        return names.Count == 0 ? null : new(names, false);
    }

    [GeneratedRegex(@"\G(?<gap>\s*)(?<word>\S+)")]
    private static partial Regex Word();

    [GeneratedRegex(@"\A--?[A-Za-z0-9][A-Za-z0-9-]*\z")]
    private static partial Regex Dashed();
}
