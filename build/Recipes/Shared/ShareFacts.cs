using System.Text.RegularExpressions;
using Gfxbake.Recipes.Yaml;

namespace Gfxbake.Recipes.Shared;

/// <summary>What a report for others holds and what is taken out of it (recipes/_shared/share.yml).</summary>
public sealed record ShareFacts
{
    public required ShareLimits Limits { get; init; }

    /// <summary>Files of the checkout, with '*' in their names.</summary>
    public required IReadOnlyList<string> Files { get; init; }

    public required IReadOnlyList<MachineFact> Machine { get; init; }

    /// <summary>In the order in which they are applied.</summary>
    public required IReadOnlyList<PersonalRule> Rules { get; init; }

    internal static void Check(YamlBinder binder, ShareFacts facts)
    {
        if (facts.Limits.File <= 0 || facts.Limits.All < facts.Limits.File)
            binder.Problem("limits", "a file has at least one byte, and all of them at least as many as one");
        foreach (var (i, file) in facts.Files.Index().Where(f => f.Item.StartsWith('/') || f.Item.Split('/').Contains("..")))
            binder.Problem($"files[{i}]", $"'{file}' must stay inside of the checkout");
        foreach (var (i, fact) in facts.Machine.Index())
            Pattern($"machine[{i}].match", fact.Match);
        foreach (var (i, rule) in facts.Rules.Index())
        {
            if ((rule.Match is null ? 0 : 1) + (rule.Known is null ? 0 : 1) + (rule.Read.Count == 0 ? 0 : 1) != 1)
                binder.Problem($"rules[{i}]", "it has one of 'match', 'known' and 'read'");
            if (rule.Match is { } match)
                Pattern($"rules[{i}].match", match);
        }

        void Pattern(string key, string pattern)
        {
            try
            {
                // It takes time in proportion to the text, whatever that is.
                if (new Regex(pattern, RegexOptions.NonBacktracking).IsMatch(""))
                    binder.Problem(key, $"'{pattern}' matches nothing at all");
            }
            catch (Exception error) when (error is ArgumentException or NotSupportedException)
            {
                binder.Problem(key, $"'{pattern}' is no regular expression, or one that needs to go back (look-around, back references)");
            }
        }
    }
}

/// <param name="File">Bytes of one file.</param>
/// <param name="All">Bytes of all.</param>
public sealed record ShareLimits(int File, int All);

/// <summary>Something that is told of a machine.</summary>
public sealed record MachineFact
{
    public required string Name { get; init; }

    /// <summary>Files below the machine's root, with '*' in their names.</summary>
    public required IReadOnlyList<string> Read { get; init; }

    public required string Match { get; init; }
}

/// <summary>Something personal.</summary>
public sealed record PersonalRule
{
    /// <summary>What stands in its place, with a number.</summary>
    public required string Name { get; init; }

    public string? Match { get; init; }

    public KnownThing? Known { get; init; }

    /// <summary>Files below the machine's root whose lines are values.</summary>
    public IReadOnlyList<string> Read { get; init; } = [];

    public IReadOnlyList<string> Keep { get; init; } = [];
}

/// <summary>What a machine says of itself and its user.</summary>
public enum KnownThing
{
    Home,
    User,
    Host,
}
