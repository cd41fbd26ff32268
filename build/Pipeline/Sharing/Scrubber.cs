using System.Text.RegularExpressions;
using Gfxbake.Pipeline.Run;
using Gfxbake.Recipes.Shared;

namespace Gfxbake.Pipeline.Sharing;

/// <summary>Replaces what is personal by names in angle brackets, the same value by the same name in all that it reads.</summary>
public sealed class Scrubber
{
    private const int ShortestKnown = 2;
    private const int ShortestRead = 6;

    private readonly IReadOnlyList<(PersonalRule Rule, Regex? Pattern)> rules;
    private readonly Dictionary<(string Name, string Value), string> names = [];

    /// <param name="rules">What is personal.</param>
    /// <param name="known">What this machine says, by its kind.</param>
    /// <param name="machine">The machine whose files hold numbers of it.</param>
    public Scrubber(IReadOnlyList<PersonalRule> rules, ILookup<KnownThing, string> known, HostTree machine) =>
        this.rules = [
            .. rules.Select(r =>
                (
                    r,
                    r.Match is { } match ? new Regex(match, RegexOptions.NonBacktracking)
                    : r.Known is { } thing ? Literals(known[thing], ShortestKnown, r.Keep)
                    : Literals(
                        r.Read.SelectMany(p => machine.Find(p)).SelectMany(p => (machine.Read(p) ?? "").Split('\n')),
                        ShortestRead,
                        r.Keep
                    )
                )
            ),
        ];

    /// <summary>How many values were replaced, by the name that stands in their place.</summary>
    public IReadOnlyDictionary<string, int> Replaced =>
        names
            .Keys.GroupBy(k => k.Name, StringComparer.Ordinal)
            .OrderBy(g => g.Key, StringComparer.Ordinal)
            .ToDictionary(g => g.Key, g => g.Count());

    public string Of(string text)
    {
        // What a rule has replaced is no text for those after it: a user may be called as a rule is.
        List<(string Text, bool IsName)> parts = [(text, false)];
        foreach (var (rule, pattern) in rules.Where(r => r.Pattern is not null))
            parts = [.. parts.SelectMany(p => p.IsName ? [p] : Split(p.Text, rule, pattern!))];
        return string.Concat(parts.Select(p => p.Text));
    }

    private IEnumerable<(string Text, bool IsName)> Split(string text, PersonalRule rule, Regex pattern)
    {
        var at = 0;
        foreach (Match match in pattern.Matches(text))
        {
            Group value = match.Groups.Count > 1 && match.Groups[1].Success ? match.Groups[1] : match;
            if (value.Length == 0 || rule.Keep.Contains(value.Value, StringComparer.OrdinalIgnoreCase))
                continue;
            if (value.Index > at)
                yield return (text[at..value.Index], false);
            yield return (Name(rule.Name, value.Value), true);
            at = value.Index + value.Length;
        }

        if (at < text.Length)
            yield return (text[at..], false);
    }

    private string Name(string kind, string value)
    {
        var key = (kind, value.ToLowerInvariant());
        if (!names.TryGetValue(key, out var name))
            names[key] = name = $"<{kind}-{names.Keys.Count(k => k.Name == kind) + 1}>";
        return name;
    }

    /// <summary>Values as whole words; a letter or a digit beside one makes it another word, an underscore or a hyphen does not.</summary>
    private static Regex? Literals(IEnumerable<string> values, int shortest, IReadOnlyList<string> keep)
    {
        List<string> all =
        [
            .. values
                .Select(v => v.Trim().TrimEnd('/'))
                .Where(v => v.Length >= shortest && !keep.Contains(v, StringComparer.OrdinalIgnoreCase))
                .Distinct(StringComparer.OrdinalIgnoreCase)
                .OrderByDescending(v => v.Length)
                .Select(Regex.Escape),
        ];
        return all.Count == 0
            ? null
            : new Regex(
                $"(?<![A-Za-z0-9])(?:{string.Join('|', all)})(?![A-Za-z0-9])",
                RegexOptions.IgnoreCase | RegexOptions.CultureInvariant
            );
    }
}
