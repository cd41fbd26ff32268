using Gfxbake.Recipes.Yaml;

namespace Gfxbake.Recipes.Shared;

/// <summary>What must hold of hosts.yml beyond its keys: GPUs that exist, versions that are numbers, ranges that do not overlap.</summary>
internal static class HostRules
{
    public static void Check(YamlBinder binder, HostFacts hosts, IReadOnlyDictionary<string, Gpu> gpus)
    {
        foreach (var twice in hosts.Rocr.SelectMany(r => r.Gpus).GroupBy(g => g, StringComparer.Ordinal).Where(g => g.Count() > 1))
            binder.Problem("rocr", $"two rules are for {twice.Key}; make them one");
        foreach (var (i, rule) in hosts.Rocr.Index())
        {
            foreach (var gpu in rule.Gpus.Where(g => !gpus.ContainsKey(g)))
                binder.Problem($"rocr[{i}].gpus", $"unknown gpu '{gpu}'; known: {string.Join(", ", gpus.Keys)} (recipes/_shared/gpus.yml)");
            if (rule.Kernels.Count == 0)
                binder.Problem($"rocr[{i}].kernels", "no kernel is named; name the oldest ones with the fix");
            // An empty text would be found in every library.
            if (rule.Property.Length == 0)
                binder.Problem($"rocr[{i}].property", "the name is empty");
            CheckVersions(binder, $"rocr[{i}].versions", rule.Versions);
        }
    }

    private static void CheckVersions(YamlBinder binder, string key, IReadOnlyList<RocrRange> versions)
    {
        if (versions.Count == 0)
            binder.Problem(key, "no version is named");
        foreach (var (i, range) in versions.Index())
        {
            var wrong = new[] { range.From, range.To }.Where(b => !RocmNumber.IsBound(b)).ToList();
            foreach (var bound in wrong)
                binder.Problem($"{key}[{i}]", $"'{bound}' is no version: two or three numbers, such as 7.1 or 7.2.4");
            if (wrong.Count > 0)
                return;
            if (!InOrder(range.From, range.To))
                binder.Problem($"{key}[{i}]", $"{range.From} is newer than {range.To}");
            if (i > 0 && InOrder(range.From, versions[i - 1].To))
                binder.Problem($"{key}[{i}]", $"{range} does not come after {versions[i - 1]}; list ranges in order, each version once");
        }
    }

    /// <summary>Whether one bound is not after another; equal as far as both go counts.</summary>
    private static bool InOrder(string first, string second) => RocmNumber.Compare(first, second) <= 0;
}
