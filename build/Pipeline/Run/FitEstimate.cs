using Gfxbake.Formats.Gguf;
using Gfxbake.Recipes.Shared;

namespace Gfxbake.Pipeline.Run;

/// <summary>Whether a model fits.</summary>
public enum FitAnswer
{
    Fits,

    /// <summary>It fits, and less than the margin stays free.</summary>
    Tight,
    No,
}

/// <summary>What a model takes with one length of context and one type of cache; all in bytes.</summary>
/// <param name="Context">Tokens, as llama.cpp rounds them up.</param>
/// <param name="CacheType">How keys and values are stored.</param>
/// <param name="Weights">Of the file, without layers that are not used.</param>
/// <param name="Copy">What a GPU has twice.</param>
/// <param name="Cache">Keys and values.</param>
/// <param name="State">Recurrent states.</param>
/// <param name="Compute">The buffer for what is computed.</param>
public sealed record FitEstimate(long Context, string CacheType, long Weights, long Copy, long Cache, long State, long Compute)
{
    private const int FloatBytes = 4;

    public long Total => checked(Weights + Copy + Cache + State + Compute);

    public FitAnswer In(long memory, long margin) =>
        Total > memory ? FitAnswer.No
        : Total > memory - margin ? FitAnswer.Tight
        : FitAnswer.Fits;

    /// <summary>The whole model on the GPU, flash attention, llama.cpp's own sizes of batches, one cache for all sequences.</summary>
    internal static FitEstimate Of(ModelShape shape, ModelMemoryFacts facts, long context, string cacheType, int sequences)
    {
        var type = GgmlType.Of(cacheType) ?? throw new ArgumentException($"'{cacheType}' is no type", nameof(cacheType));
        var cells = Padded(context, facts);
        var batch = Math.Min(cells, facts.Compute.Batch);
        var windowCells = Math.Min(cells, Padded(Math.Min(cells, checked((shape.Window * sequences) + batch)), facts));
        var (cache, state) = (0L, 0L);
        foreach (var layer in shape.Layers)
        {
            var rows = layer.Windowed ? windowCells : cells;
            cache = checked(cache + (rows * (type.BytesOf(layer.Keys) + type.BytesOf(layer.Values))));
            state = checked(state + (layer.State * facts.Cache.StateBytes * sequences));
        }

        var hasCache = shape.Layers.Any(l => l.Keys > 0);
        // One mask for the layers that see everything and one for those that see a window, whether there are such layers or not.
        var masked = hasCache ? cells + (shape.Window > 0 ? windowCells : 0) : 0;
        var compute = checked((masked * facts.Cache.MaskBytes * batch) + (Largest(shape, facts) * batch * FloatBytes));
        return new FitEstimate(cells, cacheType, shape.WeightBytes, shape.CopyBytes, cache, state, compute);
    }

    private static long Largest(ModelShape shape, ModelMemoryFacts facts) =>
        facts
            .Compute.Stages.Values.Select(s => s.Sum(f => f.Value * shape.Sizes[f.Key]))
            .Select(v => v < long.MaxValue / 2 ? (long)v : throw new OverflowException())
            .DefaultIfEmpty()
            .Max();

    private static long Padded(long cells, ModelMemoryFacts facts) =>
        checked((cells + facts.Cache.Multiple - 1) / facts.Cache.Multiple * facts.Cache.Multiple);
}
