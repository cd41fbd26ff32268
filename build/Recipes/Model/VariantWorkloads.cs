namespace Gfxbake.Recipes.Model;

/// <summary>What of a recipe's workloads belongs to one variant.</summary>
public static class VariantWorkloads
{
    /// <summary>The workloads of a variant, their patterns filled in.</summary>
    public static IReadOnlyList<Workload> WorkloadsOf(this Recipe recipe, string variant) =>
        [.. recipe.Workloads.Where(w => w.Check is null && w.IsFor(recipe, variant)).Select(w => Fill(w, recipe, variant))];

    /// <summary>What CheckGpu runs of a variant.</summary>
    /// <param name="recipe">The recipe.</param>
    /// <param name="variant">One of its variants.</param>
    /// <param name="standIn">What stands in for a GPU; null: the machine's own.</param>
    public static IReadOnlyList<Workload> ChecksOf(this Recipe recipe, string variant, Device? standIn) =>
        [
            .. recipe
                .Workloads.Where(w => w.Check is not null && w.IsFor(recipe, variant))
                .Where(w => standIn is null || (w.On?.Api == standIn.Api && !w.NotOn.ContainsKey(standIn.Name)))
                .Select(w => Fill(w.RunOn(standIn), recipe, variant)),
        ];

    /// <summary>Whether it names the variant or none, and the variant its device.</summary>
    public static bool IsFor(this Workload workload, Recipe recipe, string variant) =>
        Belongs(workload.Variants, variant) && (workload.Device is not { } device || recipe.Variants[variant].Devices.Contains(device));

    public static bool IsFor(this HttpProbe request, string variant) => Belongs(request.Variants, variant);

    private static Workload Fill(Workload workload, Recipe recipe, string name)
    {
        var variant = recipe.Variants[name];
        var requests = workload
            .Serve?.Requests.Where(r => r.IsFor(name))
            .Select(r => r with { Expect = Placeholders.Fill(r.Expect, recipe, variant), Variants = [] });
        var clients = workload.Serve?.Clients.Select(c => c with { Expect = Placeholders.Fill(c.Expect, recipe, variant) });
        var device = workload.On?.For(recipe.Gpu);
        var filled = device is null ? workload : workload.RunOn(device);
        return filled with
        {
            Expect = [.. Placeholders.Fill(workload.Expect, recipe, variant), .. workload.UsesDevice ? device?.Proof ?? [] : []],
            Reject = Placeholders.Fill(workload.Reject, recipe, variant),
            Serve = workload.Serve is { } serve ? serve with { Requests = [.. requests!], Clients = [.. clients!] } : null,
            Variants = [],
        };
    }

    private static bool Belongs(IReadOnlyList<string> variants, string variant) =>
        variants.Count == 0 || variants.Contains(variant, StringComparer.Ordinal);
}
