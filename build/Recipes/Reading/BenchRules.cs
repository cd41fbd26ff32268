using System.Text.RegularExpressions;
using Gfxbake.Recipes.Shared;
using Gfxbake.Recipes.Yaml;

namespace Gfxbake.Recipes.Reading;

/// <summary>What must hold of bench.yml: figures that can be measured, words that can be filled in, facts that exist.</summary>
internal static partial class BenchRules
{
    private const int MostDepths = 64;
    private const long MostDepth = 1 << 24;

    private static readonly string[] Words = ["prompt", "generate", "depths", "samples"];

    public static void Check(YamlBinder binder, BenchFacts facts, Func<DoctorFacts> doctor)
    {
        if (facts.Profiles.Count == 0)
            binder.Problem("profiles", "there is none");
        foreach (var (name, profile) in facts.Profiles)
            Check(binder, $"profiles.{name}", profile);
        var named = facts.Arguments.SelectMany(a => Word().Matches(a)).Select(m => m.Groups[1].Value).ToList();
        foreach (var unknown in named.Except(Words))
            binder.Problem("arguments", $"unknown word '{unknown}'; known: {string.Join(", ", Words)}");
        foreach (var missing in Words.Except(named))
            binder.Problem("arguments", $"{{{missing}}} is not among them");
        foreach (var fact in facts.Host.Where(f => !doctor().Facts.ContainsKey(f)))
            binder.Problem("host", $"'{fact}' is no fact of doctor.yml");
        if (!IsPattern(facts.Proof))
            binder.Problem("proof", $"'{facts.Proof}' is no regular expression, or one that needs to go back");
    }

    private static void Check(YamlBinder binder, string key, BenchProfile profile)
    {
        if (profile.Depths.Count is 0 or > MostDepths || profile.Depths.Any(d => d is < 0 or > MostDepth))
            binder.Problem($"{key}.depths", $"1 to {MostDepths} depths from 0 to {MostDepth} are possible");
        if (!profile.Depths.SequenceEqual(profile.Depths.Distinct().Order()))
            binder.Problem($"{key}.depths", "they must go up");
        foreach (
            var (name, value) in new[] { ("samples", profile.Samples), ("prompt", profile.Prompt), ("generate", profile.Generate) }.Where(
                v => v.Item2 is < 1 or > 65536
            )
        )
        {
            binder.Problem($"{key}.{name}", $"{value} must be 1 to 65536");
        }
    }

    private static bool IsPattern(string pattern)
    {
        try
        {
            _ = new Regex(pattern, RegexOptions.NonBacktracking);
            return true;
        }
        catch (Exception exception) when (exception is ArgumentException or NotSupportedException)
        {
            return false;
        }
    }

    [GeneratedRegex(@"\{([^{}]*)\}")]
    private static partial Regex Word();
}
