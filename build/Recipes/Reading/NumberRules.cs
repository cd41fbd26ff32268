using Gfxbake.Recipes.Model;
using Gfxbake.Recipes.Yaml;

namespace Gfxbake.Recipes.Reading;

/// <summary>
/// What must hold of answers that are compared as numbers: there is something to compare with, and limits that can be kept.
/// </summary>
internal sealed class NumberRules(YamlBinder binder)
{
    public void Check(Recipe recipe)
    {
        foreach (var (i, workload) in recipe.Workloads.Index())
        {
            foreach (var (j, request) in (workload.Serve?.Requests ?? []).Index())
            {
                if (request.Numbers is { } limits)
                    Check($"workloads[{i}].serve.requests[{j}].numbers", recipe, workload, request, limits);
            }
        }
    }

    private void Check(string key, Recipe recipe, Workload workload, HttpProbe request, NumberLimits limits)
    {
        if (!double.IsFinite(limits.Largest) || limits.Largest <= 0)
            binder.Problem($"{key}.largest", "the largest difference must be a finite number above 0");
        if (limits.Least < 1)
            binder.Problem($"{key}.least", "at least 1 number must be compared");
        if (NumberRequest.Read(request).Problem is { } problem)
            binder.Problem(key, problem);
        if (workload.Check is not null)
        {
            if (limits.Against != GpuCheck.Cpu)
                binder.Problem($"{key}.against", $"CheckGpu holds them against the CPU's of the same moment; write '{GpuCheck.Cpu}'");
            return;
        }

        if (!Computes(workload))
            binder.Problem(key, $"'{workload.Name}' runs on a device that computes nothing: its numbers say nothing");
        CheckReference($"{key}.against", recipe, workload, request, limits.Against);
    }

    private void CheckReference(string key, Recipe recipe, Workload workload, HttpProbe request, string against)
    {
        if (recipe.Workloads.FirstOrDefault(w => w.Name == against) is not { } other)
        {
            var servers = recipe.Workloads.Where(w => w.Serve is not null).Select(w => w.Name);
            binder.Problem(key, $"unknown workload '{against}'; known, with a server: {string.Join(", ", servers)}");
            return;
        }

        if (!other.IsTraced || other.Check is not null)
            binder.Problem(key, $"'{against}' never runs in the full image, so it has no numbers to be held against");
        if (!Computes(other))
            binder.Problem(key, $"'{against}' runs on a device that computes nothing: nothing can be held against its numbers");
        if (other.Serve?.Requests.Any(request.AsksAs) != true)
        {
            binder.Problem(
                key,
                $"'{against}' does not ask {request.Path} with the same 'json'; share the requests with an anchor (&x, *x)"
            );
            return;
        }

        // A workload, or its request, may be for some variants only.
        var alone = recipe.Variants.Keys.FirstOrDefault(v =>
            workload.IsFor(recipe, v)
            && request.IsFor(v)
            && !(other.IsFor(recipe, v) && other.Serve.Requests.Any(r => r.IsFor(v) && request.AsksAs(r)))
        );
        if (alone is not null)
            binder.Problem(key, $"'{against}' does not ask this in the variant '{alone}'; see their 'variants'");
    }

    /// <summary>Whether its numbers mean anything: a null GPU takes every kernel and runs none.</summary>
    private static bool Computes(Workload workload) => workload.On?.Computes ?? true;
}
