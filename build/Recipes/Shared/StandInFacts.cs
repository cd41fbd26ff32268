using System.Text.RegularExpressions;
using Gfxbake.Formats.Elf;
using Gfxbake.Formats.Text;
using Gfxbake.Recipes.Model;
using Gfxbake.Recipes.Yaml;

namespace Gfxbake.Recipes.Shared;

/// <summary>The libraries for which stand-ins are known, once for all recipes (recipes/_shared/standins.yml).</summary>
public sealed partial record StandInFacts
{
    /// <summary>Where they stand, for messages.</summary>
    public const string File = "recipes/_shared/standins.yml";

    /// <summary>The word of the command line for no stand-in at all.</summary>
    public const string None = "none";

    public required IReadOnlyDictionary<string, StandInRule> Standins { get; init; }

    /// <summary>What is wrong with a choice of names, one sentence each.</summary>
    public IEnumerable<string> Problems(IReadOnlyList<string> names)
    {
        foreach (var name in names.Where(n => !Standins.ContainsKey(n)))
        {
            var meant = SimilarNames.Of(name, Standins.Keys);
            yield return $"unknown stand-in '{PlainText.Visible(name)}'"
                + (meant.Count == 0 ? "" : $", did you mean {string.Join(" or ", meant)}?")
                + $"; known: {string.Join(", ", Standins.Keys)} ({File})";
        }

        foreach (var twice in names.GroupBy(n => n, StringComparer.Ordinal).Where(g => g.Count() > 1))
            yield return $"the stand-in '{twice.Key}' is named twice";
    }

    /// <summary>The rules of a choice that has no problems.</summary>
    public IReadOnlyDictionary<string, StandInRule> Of(IEnumerable<string> names) =>
        new SortedDictionary<string, StandInRule>(names.ToDictionary(n => n, n => Standins[n]), StringComparer.Ordinal);

    /// <summary>What must hold beyond the keys: globs of names, and sentences that a stub can write.</summary>
    internal static void Check(YamlBinder binder, StandInFacts facts)
    {
        foreach (var (name, rule) in facts.Standins)
        {
            var key = $"standins.{name}";
            if (!Name().IsMatch(name) || name == None)
                binder.Problem(key, $"'{name}' is no name of a stand-in; use a-z, 0-9 and '-', not '{None}'");
            Globs(binder, $"{key}.library", [rule.Library]);
            if (!rule.Library.Contains(".so", StringComparison.Ordinal))
                binder.Problem($"{key}.library", $"'{rule.Library}' names no library: write '.so' out");
            if (rule.For.Count == 0)
                binder.Problem($"{key}.for", "nothing may need the library; name the file that does");
            Globs(binder, $"{key}.for", rule.For);
            foreach (var (i, data) in rule.Data.Index())
                Globs(binder, $"{key}.data[{i}].symbols", data.Symbols);
            foreach (var (i, refutation) in rule.RefutedBy.Index())
            {
                Globs(binder, $"{key}.refuted_by[{i}].importer", [refutation.Importer]);
                Globs(binder, $"{key}.refuted_by[{i}].symbols", refutation.Symbols);
            }

            var stub = new StubLibrary
            {
                SoName = "x",
                Functions = [],
                Why = rule.Why,
                Next = rule.Next,
            };
            if (stub.Problem() is { } problem)
                binder.Problem($"{key}.why", problem);
            if (rule.Why.EndsWith('.') || rule.Next.EndsWith('.'))
                binder.Problem($"{key}.why", "'why' and 'next' are parts of a line; leave the full stop out");
        }
    }

    private static void Globs(YamlBinder binder, string key, IReadOnlyList<string> globs)
    {
        foreach (var glob in globs.Where(g => g.Trim('*', '?').Length == 0 || g.Contains('/', StringComparison.Ordinal)))
            binder.Problem(key, $"'{glob}' is no pattern of names: write a name, with '*' for what may differ");
    }

    [GeneratedRegex("^[a-z0-9][a-z0-9-]{0,62}$")]
    private static partial Regex Name();
}
