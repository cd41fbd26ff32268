using System.Globalization;
using System.Text.RegularExpressions;
using Gfxbake.Formats.Text;
using Gfxbake.Recipes.Yaml;

namespace Gfxbake.Recipes.Shared;

/// <summary>What must hold of doctor.yml beyond its keys: facts that are named exist, bad news have a source and a remedy.</summary>
internal sealed partial class DoctorRules(YamlBinder binder, DoctorFacts doctor)
{
    private const string Parameter = "parameter";

    public static void Check(YamlBinder binder, DoctorFacts doctor) => new DoctorRules(binder, doctor).Check();

    private void Check()
    {
        foreach (var (name, source) in doctor.Sources.Where(s => !Day().IsMatch(s.Value.Read)))
            binder.Problem($"sources.{name}.read", $"'{source.Read}' is no date: write 2026-11-28 or 2026-11");
        foreach (var (name, probe) in doctor.Facts)
            CheckProbe($"facts.{name}", name, probe);
        foreach (var twice in doctor.Checks.GroupBy(c => c.Name, StringComparer.Ordinal).Where(g => g.Count() > 1))
            binder.Problem("checks", $"two checks have the name '{twice.Key}'");
        foreach (var (i, check) in doctor.Checks.Index())
        {
            CheckConditions($"checks[{i}]", check.When);
            if (check.Cases.Count == 0)
                binder.Problem($"checks[{i}].cases", "there is no case");
            foreach (var (j, one) in check.Cases.Index())
            {
                CheckCase($"checks[{i}].cases[{j}]", one);
                if (one.When.Count == 0 && j < check.Cases.Count - 1)
                    binder.Problem($"checks[{i}].cases[{j}]", "it always holds, so the cases after it are never found");
            }
        }

        foreach (var (i, loader) in doctor.Boot.Index())
        {
            CheckConditions($"boot[{i}]", loader.When);
            foreach (var command in new[] { loader.Add, loader.Remove }.Where(c => !FactNames.In(c).SequenceEqual([Parameter])))
                binder.Problem($"boot[{i}]", $"'{command}' must name {{{Parameter}}} and no fact");
        }
    }

    private void CheckProbe(string key, string name, HostProbe probe)
    {
        if (!Word().IsMatch(name))
            binder.Problem(key, $"'{name}' is no name of a fact; use a-z, 0-9 and '_'");
        if (GivenFacts.Names.Contains(name))
            binder.Problem(key, $"'{name}' is what the recipe says; choose another name");
        var lists = new[] { probe.Read, probe.Exists, probe.Open, probe.Link, probe.Free }.Count(l => l.Count > 0);
        if (lists + new[] { probe.From, probe.Count, probe.Variable }.Count(o => o is not null) != 1)
            binder.Problem(key, "it needs one origin: read, exists, open, link, free, from, count or variable");
        foreach (var path in probe.Paths.Where(p => p.Split('/').Any(c => c is "" or "." or "..")))
            binder.Problem(key, $"'{path}' is no path below a root: write it without '/' in front, '.' and '..'");
        if (probe is { Where: not null, Read.Count: 0 })
            binder.Problem($"{key}.where", "it is about the content of files; leave it out");
        if (probe.Per <= 0)
            binder.Problem($"{key}.per", "must be more than 0");
        foreach (var pattern in new[] { probe.Where, probe.Match }.OfType<string>().Where(p => !IsPattern(p)))
            binder.Problem(key, $"'{pattern}' is no regular expression, or one that needs to go back (look-around, back references)");
        CheckNames(key, [.. Names(probe)]);
        if (Reaches(name, name, []))
            binder.Problem(key, "it needs itself");
    }

    private void CheckCase(string key, HostCase one)
    {
        CheckConditions(key, one.When);
        if (one.Source is not null && !doctor.Sources.ContainsKey(one.Source))
            binder.Problem($"{key}.source", $"unknown source '{one.Source}'; known: {string.Join(", ", doctor.Sources.Keys)}");
        if (one.Level != FindingLevel.Ok && (one.Why is null || one.Source is null))
            binder.Problem(key, "what is not ok needs 'why' and 'source'");
        if (one.Level >= FindingLevel.Warning && one.Remedy is null)
            binder.Problem(key, "a warning or error needs 'remedy'");
        if (one.Run.Concat(one.Add).Concat(one.Remove).Any() && one.Remedy is null)
            binder.Problem(key, "commands and parameters need 'remedy', which says what they are for");
        IEnumerable<string?> texts = [one.Found, one.Why, one.Remedy, .. one.Run, .. one.Add, .. one.Remove];
        CheckNames(key, [.. texts.OfType<string>().SelectMany(FactNames.In)]);
    }

    private void CheckConditions(string key, IReadOnlyList<HostCondition> conditions)
    {
        foreach (var (i, condition) in conditions.Index())
        {
            var place = $"{key}.when[{i}]";
            List<string> bounds = [.. new[] { condition.Above, condition.Below }.OfType<string>()];
            CheckNames(place, [condition.Fact, .. condition.Others, .. bounds.Where(b => !IsNumber(b))]);
            var tests = condition.Is.Count + condition.Not.Count + condition.Others.Count() + bounds.Count;
            if (condition.Some is null && tests == 0)
                binder.Problem(place, "it tests nothing: say some, is, not, holds, lacks, beyond, above or below");
        }
    }

    private void CheckNames(string key, IReadOnlyList<string> names)
    {
        IReadOnlyList<string> known = [.. doctor.Facts.Keys, .. GivenFacts.Names];
        foreach (var name in names.Except(known, StringComparer.Ordinal))
        {
            var near = SimilarNames.Of(name, known);
            binder.Problem(key, $"there is no fact '{name}'{(near.Count == 0 ? "" : $"; did you mean {string.Join(" or ", near)}?")}");
        }
    }

    private bool Reaches(string from, string name, HashSet<string> seen) =>
        doctor.Facts.TryGetValue(from, out var probe) && Names(probe).Any(n => n == name || (seen.Add(n) && Reaches(n, name, seen)));

    private static IEnumerable<string> Names(HostProbe probe) =>
        new[] { probe.From, probe.Count, probe.IndexOf, probe.Or }
            .OfType<string>()
            .Concat(probe.Paths.Append(probe.Where ?? "").Append(probe.Match ?? "").SelectMany(FactNames.In));

    private static bool IsNumber(string text) => decimal.TryParse(text, CultureInfo.InvariantCulture, out _);

    private static bool IsPattern(string pattern)
    {
        try
        {
            // What stands in for a fact changes nothing of the expression's form.
            _ = new Regex(FactNames.Fill(pattern, (_, _) => "x"), RegexOptions.NonBacktracking);
            return true;
        }
        catch (Exception exception) when (exception is ArgumentException or NotSupportedException)
        {
            return false;
        }
    }

    [GeneratedRegex(@"\A[0-9]{4}-[0-9]{2}(-[0-9]{2})?\z")]
    private static partial Regex Day();

    [GeneratedRegex(@"\A[a-z][a-z0-9_]{0,31}\z")]
    private static partial Regex Word();
}
