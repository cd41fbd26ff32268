using System.Globalization;
using Gfxbake.Formats.Gguf;
using Gfxbake.Recipes.Shared;

namespace Gfxbake.Pipeline.Run;

/// <summary>What a layer keeps of each token, and of each sequence.</summary>
/// <param name="Keys">Values a token; 0 without attention.</param>
/// <param name="Values">Values a token; 0 where one latent vector stands for keys and values.</param>
/// <param name="Windowed">Whether it sees the last tokens only.</param>
/// <param name="State">Values of its recurrent state.</param>
internal sealed record LayerShape(long Keys, long Values, bool Windowed, long State);

/// <summary>A model's layers and sizes, by the facts about its architecture.</summary>
internal sealed class ModelShape
{
    private const long MostLayers = 4096;

    private readonly ModelMemoryFacts facts;
    private readonly ModelNumbers numbers;
    private readonly ModelArchitecture architecture;

    /// <exception cref="FitException">Metadata is missing or impossible.</exception>
    public ModelShape(GgufModel model, ModelMemoryFacts facts)
    {
        this.facts = facts;
        numbers = new ModelNumbers(model);
        IsKnown = facts.Architectures.TryGetValue(numbers.Architecture, out var known);
        architecture = known ?? new ModelArchitecture();
        var all = numbers.Needed(facts.Keys.Layers);
        var unused = architecture.UnusedLayers is { } key ? numbers.Optional(key) ?? 0 : 0;
        if (all > MostLayers || unused > all)
            throw new FitException($"the model has {all} layers, of which {unused} are not used; {MostLayers} at most are possible");
        Window = WindowSize();
        Layers = [.. Enumerable.Range(0, (int)(all - unused)).Select(Layer)];
        var skipped = Enumerable.Range((int)(all - unused), (int)unused).Select(Prefix).ToList();
        List<GgufTensorInfo> used = [.. model.Tensors.Where(t => !skipped.Exists(s => t.Name.StartsWith(s, StringComparison.Ordinal)))];
        WeightBytes = used.Aggregate(0L, (sum, t) => checked(sum + t.Bytes));
        var embedding = used.Find(t => t.Name == facts.Tensors.Embedding);
        CopyBytes = used.Exists(t => t.Name == facts.Tensors.Output) ? 0 : embedding?.Bytes ?? 0;
        var isDense = used.Exists(t => t.Name.EndsWith(facts.Tensors.FeedForward, StringComparison.Ordinal));
        Sizes = AllSizes(embedding?.Shape[^1] ?? 0, isDense);
    }

    public string Architecture => numbers.Architecture;

    /// <summary>Whether something is known of its architecture; without that each layer counts as one with a full cache.</summary>
    public bool IsKnown { get; }

    /// <summary>The layers that are used.</summary>
    public IReadOnlyList<LayerShape> Layers { get; }

    /// <summary>Tokens that a windowed layer sees.</summary>
    public long Window { get; }

    public long WeightBytes { get; }

    /// <summary>The embedding once more, where it is the output's matrix too: a GPU gets a copy of its own.</summary>
    public long CopyBytes { get; }

    /// <summary>Values a token of what is there while it is computed, by the names in model-memory.yml.</summary>
    public IReadOnlyDictionary<string, long> Sizes { get; }

    private ModelKeys Keys => facts.Keys;

    private string Prefix(int layer) => string.Create(CultureInfo.InvariantCulture, $"{facts.Tensors.Layer}{layer}.");

    private long WindowSize() => architecture.Window is { } window ? numbers.Optional(Keys.Window) ?? window.DefaultSize : 0;

    private LayerShape Layer(int layer)
    {
        var state = HasState(layer);
        var attention = architecture.Attention == ModelLayers.All || !state;
        if (architecture.CachedLayers is { } cached && layer >= cached)
            attention = false;
        var windowed = attention && Window > 0 && IsWindowed(layer);
        var heads = attention ? KvHeads(layer) : 0;
        return new LayerShape(
            checked(heads * HeadLength(layer, windowed ? Keys.WindowKeyLength : null, Keys.KeyLength, heads)),
            IsLatent ? 0 : checked(heads * HeadLength(layer, windowed ? Keys.WindowValueLength : null, Keys.ValueLength, heads)),
            windowed,
            state ? StateValues() : 0
        );
    }

    private bool HasState(int layer) =>
        architecture.State switch
        {
            ModelLayers.All => true,
            ModelLayers.WithoutHeads => KvHeads(layer) == 0,
            ModelLayers.WithoutHeadsAndFeedForward => KvHeads(layer) == 0 && (numbers.Of(Keys.FeedForward, layer) ?? 0) == 0,
            ModelLayers.NotEveryNth => (layer + 1) % Math.Max(1, numbers.Optional(architecture.Interval!) ?? architecture.DefaultInterval)
                != 0,
            _ => false,
        };

    private bool IsWindowed(int layer)
    {
        if (numbers.List(Keys.WindowPattern) is not null)
            return numbers.Of(Keys.WindowPattern, layer) != 0;
        var period = numbers.Optional(Keys.WindowPattern) ?? architecture.Window!.Period;
        return period == 0 || layer % period < period - 1;
    }

    /// <summary>Two lengths instead of keys and values for each head: DeepSeek's latent attention.</summary>
    private bool IsLatent => numbers.Optional(Keys.LatentKeyLength) > 0 && numbers.Optional(Keys.LatentValueLength) > 0;

    private long KvHeads(int layer) => numbers.Of(Keys.KvHeads, layer) ?? numbers.Of(Keys.Heads, layer) ?? 0;

    private long HeadLength(int layer, string? windowed, string key, long heads)
    {
        if (heads == 0)
            return 0;
        if (windowed is not null && numbers.Optional(windowed) is { } special)
            return special;
        return numbers.Optional(key) ?? numbers.Needed(Keys.Embedding) / Math.Max(1, numbers.Of(Keys.Heads, layer) ?? 1);
    }

    private long Convolution() =>
        checked(numbers.Needed(Keys.StateInner) + (2 * (numbers.Optional(Keys.StateGroups) ?? 0) * numbers.Needed(Keys.StateSize)));

    private long StateValues() =>
        checked(
            (Math.Max(0, numbers.Needed(Keys.StateConvolution) - 1) * Convolution())
            + (numbers.Needed(Keys.StateSize) * numbers.Needed(Keys.StateInner))
        );

    private Dictionary<string, long> AllSizes(long vocabulary, bool isDense)
    {
        var embedding = numbers.Needed(Keys.Embedding);
        var heads = numbers.Optional(Keys.Heads) ?? 0;
        var experts = numbers.Optional(Keys.ExpertsUsed) ?? 0;
        var hasState = Layers.Any(l => l.State > 0);
        return new(StringComparer.Ordinal)
        {
            ["embedding"] = embedding,
            ["vocabulary"] = vocabulary,
            ["queries"] = checked(heads * HeadLength(0, null, Keys.KeyLength, heads)),
            ["latent_queries"] = IsLatent ? checked(heads * numbers.Needed(Keys.LatentKeyLength)) : 0,
            ["keys"] = Layers.Select(l => l.Keys).DefaultIfEmpty().Max(),
            ["values"] = Layers.Select(l => l.Values).DefaultIfEmpty().Max(),
            ["hidden"] = Math.Max(
                isDense ? numbers.Optional(Keys.FeedForward) ?? 0 : 0,
                checked(experts * (numbers.Optional(Keys.ExpertFeedForward) ?? 0))
            ),
            ["outputs"] = checked(Math.Max(1, experts) * embedding),
            ["convolution"] = hasState ? Convolution() : 0,
            ["inner"] = hasState ? numbers.Needed(Keys.StateInner) : 0,
        };
    }
}
