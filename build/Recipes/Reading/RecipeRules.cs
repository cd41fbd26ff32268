using System.Text.RegularExpressions;
using Gfxbake.Recipes.Model;
using Gfxbake.Recipes.Shared;
using Gfxbake.Recipes.Yaml;

namespace Gfxbake.Recipes.Reading;

/// <summary>What must hold of a recipe beyond its keys: names that exist, patterns that compile, paths that stay inside.</summary>
internal sealed partial class RecipeRules(
    YamlBinder binder,
    IReadOnlyDictionary<string, Gpu> gpus,
    HostFacts hosts,
    Func<Variant, bool> runsOnRocr,
    string folder
)
{
    public void Check(Recipe recipe)
    {
        if (recipe.Name != folder)
            binder.Problem("name", $"the recipe is called '{recipe.Name}' but its folder '{folder}'; make them the same");
        if (!Name().IsMatch(recipe.Name))
            binder.Problem("name", $"'{recipe.Name}' is no image name; use a-z, 0-9 and '-'");
        KnownGpu("gpu", recipe.Gpu);
        if (!recipe.Variants.ContainsKey(recipe.DefaultVariant))
        {
            binder.Problem(
                "default_variant",
                $"unknown variant '{recipe.DefaultVariant}'; known: {string.Join(", ", recipe.Variants.Keys)}"
            );
        }

        foreach (var (name, source) in recipe.Sources)
        {
            if (source.From is not null)
                binder.Problem($"sources.{name}.from", "a source of the list says everything itself; only a variant's can start from one");
            new SourceRules(binder).Check($"sources.{name}", source);
        }

        foreach (var (name, variant) in recipe.Variants)
        {
            CheckVariant($"variants.{name}", name, variant, recipe.Gpu);
            CheckBase($"variants.{name}.base", variant.Base, variant.Devices.Count > 0);
        }

        if (recipe.Image.User is "root" or "0" or "")
            binder.Problem("image.user", "the image must not run as root; name another user");
        if (recipe.Layers.Count == 0)
            binder.Problem("layers", "at least one layer is needed");
        for (var i = 0; i < recipe.Keep.Count; i++)
            Absolute($"keep[{i}].path", recipe.Keep[i].Path);
        for (var i = 0; i < recipe.Drop.Count; i++)
            Absolute($"drop[{i}].path", recipe.Drop[i].Path);
        for (var i = 0; i < recipe.Layers.Count; i++)
            CheckLayer($"layers[{i}]", recipe.Layers[i]);
        if (recipe.Workloads.Count == 0)
            binder.Problem("workloads", "at least one workload is needed: without it nothing is proven");
        for (var i = 0; i < recipe.Workloads.Count; i++)
            CheckWorkload($"workloads[{i}]", recipe.Workloads[i], recipe.Variants);
        foreach (var variant in recipe.Variants.Keys.Where(v => recipe.Workloads.Count > 0 && recipe.WorkloadsOf(v).Count == 0))
            binder.Problem($"variants.{variant}", $"no workload is for the variant '{variant}': without one nothing is proven");
        Unique("workloads", recipe.Workloads.Select(w => w.Name));
        Unique("layers", recipe.Layers.Select(l => l.Name));
    }

    private void CheckVariant(string key, string name, Variant variant, string gpu)
    {
        if (!Name().IsMatch(name))
            binder.Problem(key, $"'{name}' is no variant name; use a-z, 0-9 and '-'");
        KnownGpu($"{key}.code_target", variant.CodeTarget);
        if (variant.Source is null && variant.Sources.Count == 0 && variant.VersionOf is null)
            binder.Problem(key, "key 'version_of' is missing: nothing is compiled, so a package must give the version");
        if (runsOnRocr(variant) && RocrCheck.Problem(hosts, gpu, variant.Rocr) is { } rocr)
            binder.Problem(variant.Rocr is null ? key : $"{key}.rocr", rocr);
        new SourceRules(binder).Check(key, variant);
        if (!Label().IsMatch(variant.Ci.Runner))
            binder.Problem($"{key}.ci.runner", $"'{variant.Ci.Runner}' is no runner label; use letters, digits, '.', '_' and '-'");
        if (variant.Budget is { Full: null, Minimal: null, Zst: null })
            binder.Problem($"{key}.budget", "the budget has no figure; known: full, minimal, zst");
        foreach (var (i, watch) in variant.Upstream.Index())
        {
            foreach (var (part, message) in watch.Problems())
                binder.Problem($"{key}.upstream[{i}].{part}", message);
            if (watch.Pin == UpstreamWatch.Source && variant.Source?.From is { } from)
                binder.Problem($"{key}.upstream[{i}].pin", $"the tag is pinned in sources.{from}; put its 'upstream' there");
        }
    }

    private void CheckBase(string key, BaseSource source, bool hasDevices)
    {
        if (source.Image is { } image && !Digest().IsMatch(image))
            binder.Problem($"{key}.image", $"'{image}' has no digest; write name@sha256:<64 hex digits>");
        if (source is { Image: null, Bootstrap: null })
            binder.Problem(key, "the base comes from nowhere: name an 'image', a 'bootstrap', or both");
        if (source.Bootstrap is null == source.SourceDateEpoch is null)
        {
            binder.Problem(
                key,
                source.Bootstrap is null
                    ? "key 'source_date_epoch' is missing: there is no 'bootstrap' that has one"
                    : "leave out 'source_date_epoch': the one of 'bootstrap' counts"
            );
        }

        if (source.Trace is not { } tools)
            return;
        if (tools.Compiler is null && hasDevices)
            binder.Problem($"{key}.trace", "key 'compiler' is missing: the variant has devices, whose kits are made in the base");
        foreach (var (name, command) in new[] { ("strace", tools.Strace), ("compiler", tools.Compiler ?? "-") })
        {
            if (string.IsNullOrWhiteSpace(command) || command.Any(char.IsControl))
                binder.Problem($"{key}.trace.{name}", "it must be a command on one line");
        }
    }

    private void CheckLayer(string key, LayerRule layer)
    {
        if (!Name().IsMatch(layer.Name))
            binder.Problem($"{key}.name", $"'{layer.Name}' is no layer name; use a-z, 0-9 and '-'");
        for (var i = 0; i < layer.Paths.Count; i++)
            Absolute($"{key}.paths[{i}]", layer.Paths[i]);
    }

    private void CheckWorkload(string key, Workload workload, IReadOnlyDictionary<string, Variant> variants)
    {
        KnownVariants($"{key}.variants", workload.Variants, variants);
        if (!Name().IsMatch(workload.Name))
            binder.Problem($"{key}.name", $"'{workload.Name}' is no workload name; use a-z, 0-9 and '-'");
        if (workload.Command.Count == 0)
            binder.Problem($"{key}.command", "the command is empty");
        if (workload.Timeout is < 1 or > 3600)
            binder.Problem($"{key}.timeout", "the time-out must be 1 to 3600 seconds");
        Patterns($"{key}.expect", workload.Expect);
        Patterns($"{key}.reject", workload.Reject);
        Patterns($"{key}.again", workload.Again);
        Patterns($"{key}.ignore", workload.Ignore);
        if (workload.Serve is not { } serve)
            return;
        if (serve.Port is < 1 or > 65535)
            binder.Problem($"{key}.serve.port", "the port must be 1 to 65535");
        for (var i = 0; i < serve.Requests.Count; i++)
        {
            KnownVariants($"{key}.serve.requests[{i}].variants", serve.Requests[i].Variants, variants);
            Patterns($"{key}.serve.requests[{i}].expect", serve.Requests[i].Expect);
            Patterns($"{key}.serve.requests[{i}].ignore", serve.Requests[i].Ignore);
        }

        for (var i = 0; i < serve.Clients.Count; i++)
        {
            if (serve.Clients[i].Command.Count == 0)
                binder.Problem($"{key}.serve.clients[{i}].command", "the command is empty");
            Patterns($"{key}.serve.clients[{i}].expect", serve.Clients[i].Expect);
            Patterns($"{key}.serve.clients[{i}].ignore", serve.Clients[i].Ignore);
        }
    }

    private void KnownVariants(string key, IReadOnlyList<string> names, IReadOnlyDictionary<string, Variant> variants)
    {
        // A file that several recipes include may speak of variants that only some of them have.
        if (binder.IsIncluded(key))
            return;
        foreach (var name in names.Where(n => !variants.ContainsKey(n)))
            binder.Problem(key, $"unknown variant '{name}'; known: {string.Join(", ", variants.Keys)}");
    }

    private void KnownGpu(string key, string gpu)
    {
        if (!gpus.ContainsKey(gpu))
            binder.Problem(key, $"unknown gpu '{gpu}'; known: {string.Join(", ", gpus.Keys)} (recipes/_shared/gpus.yml)");
    }

    private void Absolute(string key, string path)
    {
        if (!path.StartsWith('/') || path.Split('/').Contains(".."))
            binder.Problem(key, $"'{path}' must be an absolute path without '..'");
    }

    private void Unique(string key, IEnumerable<string> names)
    {
        foreach (var twice in names.GroupBy(n => n, StringComparer.Ordinal).Where(g => g.Count() > 1))
            binder.Problem(key, $"the name '{twice.Key}' is used twice");
    }

    private void Patterns(string key, IReadOnlyList<string> patterns)
    {
        for (var i = 0; i < patterns.Count; i++)
        {
            try
            {
                _ = new Regex(patterns[i]);
            }
            catch (ArgumentException exception)
            {
                binder.Problem($"{key}[{i}]", $"'{patterns[i]}' is no regular expression: {exception.Message}");
            }
        }
    }

    [GeneratedRegex("^[a-z0-9][a-z0-9._-]{0,62}$")]
    private static partial Regex Name();

    [GeneratedRegex("^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$")]
    private static partial Regex Label();

    [GeneratedRegex("^[a-z0-9./:_-]+@sha256:[0-9a-f]{64}$")]
    private static partial Regex Digest();
}
