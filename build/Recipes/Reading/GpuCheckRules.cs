using System.Text.RegularExpressions;
using Gfxbake.Recipes.Model;
using Gfxbake.Recipes.Yaml;

namespace Gfxbake.Recipes.Reading;

/// <summary>What must hold of a workload that only CheckGpu runs: it can be told whether a GPU was used, and what it answered.</summary>
internal sealed class GpuCheckRules(YamlBinder binder, Lazy<IReadOnlyDictionary<string, Device>> devices)
{
    public void Check(Recipe recipe)
    {
        foreach (var (i, workload) in recipe.Workloads.Index())
        {
            if (workload.Check is { } check)
                Check($"workloads[{i}]", workload, check);
            else if (workload.NotOn.Count > 0)
                binder.Problem($"workloads[{i}].not_on", "only a workload with 'check' runs on other devices than its own");
        }
    }

    private void Check(string key, Workload workload, GpuCheck check)
    {
        if (workload.Device is null)
            binder.Problem($"{key}.check", "name a 'device' of the kind that the program reaches its GPU by");
        if (workload.Serve is null)
            binder.Problem($"{key}.check", "only a server can be looked at while it runs; give it 'serve'");
        else if (workload.Serve.Healthcheck)
            binder.Problem($"{key}.serve.healthcheck", "an installed program has no health check; leave it out");
        if (workload.Serve?.Clients.Count > 0)
            binder.Problem($"{key}.serve.clients", "nothing is run beside an installed program; leave it out");
        if (workload.ComparesText)
            binder.Problem($"{key}.compare", "CheckGpu compares numbers, and no text; leave 'compare' out");
        if (workload.Expect.Count == 0)
            binder.Problem($"{key}.expect", "without a text that only a used GPU gives, the CPU's answers pass");
        if (check.Loads.Count == 0)
            binder.Problem($"{key}.check.loads", "name the libraries by which the program reaches a GPU");
        if (check.Maps.Count == 0)
            binder.Problem($"{key}.check.maps", "the command is empty");
        foreach (var name in workload.NotOn.Keys.Where(n => !devices.Value.ContainsKey(n)))
            binder.Problem($"{key}.not_on", $"unknown device '{name}'; known: {string.Join(", ", devices.Value.Keys)}");
        Pattern($"{key}.check.kernels", check.Kernels, GpuCheck.Kernel);
        foreach (var (name, pattern) in check.Shows)
            Pattern($"{key}.check.shows.{name}", pattern, GpuCheck.Shown);
    }

    private void Pattern(string key, string pattern, string group)
    {
        try
        {
            if (!new Regex(pattern).GetGroupNames().Contains(group, StringComparer.Ordinal))
                binder.Problem(key, $"'{pattern}' has no group (?<{group}>…)");
        }
        catch (ArgumentException exception)
        {
            binder.Problem(key, $"'{pattern}' is no regular expression: {exception.Message}");
        }
    }
}
