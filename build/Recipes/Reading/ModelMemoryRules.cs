using Gfxbake.Formats.Gguf;
using Gfxbake.Recipes.Shared;
using Gfxbake.Recipes.Yaml;

namespace Gfxbake.Recipes.Reading;

/// <summary>What must hold of the facts about models' memory.</summary>
internal static class ModelMemoryRules
{
    /// <summary>The sizes of a model that a stage can count.</summary>
    private static readonly string[] Sizes =
    [
        "embedding",
        "vocabulary",
        "queries",
        "latent_queries",
        "keys",
        "values",
        "hidden",
        "outputs",
        "convolution",
        "inner",
    ];

    public static void Check(YamlBinder binder, ModelMemoryFacts facts)
    {
        Positive(binder, "cache.multiple", facts.Cache.Multiple);
        Positive(binder, "cache.mask_bytes", facts.Cache.MaskBytes);
        Positive(binder, "cache.state_bytes", facts.Cache.StateBytes);
        Positive(binder, "cache.sequences", facts.Cache.Sequences);
        Positive(binder, "compute.batch", facts.Compute.Batch);
        foreach (var (type, i) in facts.Cache.Types.Select((t, i) => (t, i)))
        {
            if (GgmlType.Of(type) is null)
                binder.Problem($"cache.types[{i}]", $"'{type}' is no type of ggml");
        }

        foreach (var (stage, factors) in facts.Compute.Stages)
        {
            foreach (var size in factors.Keys.Except(Sizes))
                binder.Problem($"compute.stages.{stage}.{size}", $"unknown size '{size}'; known: {string.Join(", ", Sizes)}");
        }

        foreach (var (name, architecture) in facts.Architectures)
            Check(binder, $"architectures.{name}", architecture);
    }

    private static void Check(YamlBinder binder, string key, ModelArchitecture architecture)
    {
        if (architecture.State == ModelLayers.Rest)
            binder.Problem($"{key}.state", "it is the attention that can be the rest");
        if (architecture.Attention is not (ModelLayers.All or ModelLayers.Rest))
            binder.Problem($"{key}.attention", "it can be all or rest");
        if ((architecture.State == ModelLayers.NotEveryNth) != (architecture.Interval is not null))
            binder.Problem(key, "not_every_nth and interval belong together");
        Positive(binder, $"{key}.default_interval", architecture.DefaultInterval);
        if (architecture.Window is { } window)
            Positive(binder, $"{key}.window.period", window.Period);
        if (architecture.CachedLayers is { } layers)
            Positive(binder, $"{key}.cached_layers", layers);
    }

    private static void Positive(YamlBinder binder, string key, int value)
    {
        if (value < 1)
            binder.Problem(key, $"{value} must be 1 at least");
    }
}
