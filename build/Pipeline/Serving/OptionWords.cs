using System.Globalization;
using Gfxbake.Formats.Text;
using Gfxbake.Recipes.Shared;

namespace Gfxbake.Pipeline.Serving;

/// <summary>Options as words of one program's command line, which may know them by another name.</summary>
/// <param name="program">Its name, for sentences.</param>
/// <param name="help">What it says of itself; null: nobody asked, so every option is taken for known.</param>
/// <param name="same">Ways to write the same, the newest first (RunRule.Same).</param>
public sealed class OptionWords(string program, ProgramHelp? help, IReadOnlyList<IReadOnlyList<string>> same)
{
    /// <summary>The words of options that nobody has given by hand.</summary>
    /// <param name="options">By their names without dashes.</param>
    /// <param name="given">Words that win.</param>
    /// <param name="notes">Gets what is left out, a sentence each.</param>
    public IReadOnlyList<string> Of(
        IEnumerable<KeyValuePair<string, string>> options,
        IReadOnlyList<string> given,
        ICollection<string>? notes = null
    )
    {
        List<string> words = [];
        foreach (var (name, value) in options)
        {
            IReadOnlyList<string> way = value == ModelPreset.Flag ? ["--" + name] : ["--" + name, value];
            if (Ways(way).Any(w => IsGiven(w, given)))
                continue;
            if (Ways(way).FirstOrDefault(IsKnown) is { } known)
                words.AddRange(known);
            else
                notes?.Add($"{program} of this image has no {way[0]}, so it is left out.");
        }

        return words;
    }

    /// <summary>What is wrong with words that a person typed, a sentence each.</summary>
    public IEnumerable<string> Problems(IReadOnlyList<string> given)
    {
        for (var i = 0; i < given.Count; i++)
        {
            var word = given[i];
            if (!IsOption(word) || help is null)
                continue;
            if (help.Find(word) is not { } option)
                yield return Unknown(word, i + 1 < given.Count ? given[i + 1] : null);
            else if (option.TakesValue && (i + 1 == given.Count || (IsOption(given[i + 1]) && help.Find(given[i + 1]) is not null)))
                yield return $"{word} of {program} needs a value behind it";
            else if (option.TakesValue)
                i++;
        }
    }

    private string Unknown(string word, string? next)
    {
        var (name, value) = (word.Split('=', 2)[0], word.Contains('=', StringComparison.Ordinal) ? word.Split('=', 2)[1] : next);
        var start = $"{program} of this image has no {PlainText.Visible(word)}";
        if (name != word && help!.Find(name) is not null)
            return $"{start}: write {name} {PlainText.Visible(value!)}";
        if (Ways([name]).Concat(Ways([name, value ?? ""])).FirstOrDefault(IsKnown) is { } now)
            return $"{start}: it is {string.Join(' ', now)} now";
        var near = SimilarNames.Of(name, help!.Names);
        return start + (near.Count == 0 ? $"; {program} --help lists what there is" : $"; did you mean {string.Join(" or ", near)}?");
    }

    /// <summary>All ways to write an option with its value, the way as it is first.</summary>
    private IEnumerable<IReadOnlyList<string>> Ways(IReadOnlyList<string> way) =>
        same.Where(s => s.Contains(string.Join(' ', way), StringComparer.Ordinal))
            .SelectMany(s => s)
            .Select(w => (IReadOnlyList<string>)w.Split(' '))
            .Prepend(way);

    private bool IsKnown(IReadOnlyList<string> way) => help is null || help.Find(way[0]) is { } o && o.TakesValue == (way.Count > 1);

    private bool IsGiven(IReadOnlyList<string> way, IReadOnlyList<string> given) =>
        (help?.Find(way[0])?.Names ?? [way[0]]).Any(n => given.Contains(n, StringComparer.Ordinal));

    /// <summary>-1 is a value.</summary>
    private static bool IsOption(string word) =>
        word.Length > 1 && word[0] == '-' && !double.TryParse(word, NumberStyles.Float, CultureInfo.InvariantCulture, out _);
}
