using Gfxbake.Formats.Text;

namespace Gfxbake.Recipes.Shared;

/// <summary>What models take of memory, once for all recipes (recipes/_shared/model-memory.yml).</summary>
public sealed record ModelMemoryFacts
{
    /// <summary>What must stay free beside a model that fits.</summary>
    public required ByteCount Margin { get; init; }

    public required CacheFacts Cache { get; init; }

    public required ModelKeys Keys { get; init; }

    public required ModelTensors Tensors { get; init; }

    public required ComputeFacts Compute { get; init; }

    /// <summary>By general.architecture of a file.</summary>
    public required IReadOnlyDictionary<string, ModelArchitecture> Architectures { get; init; }
}

/// <summary>How the caches are laid out.</summary>
public sealed record CacheFacts
{
    /// <summary>Numbers of cells are rounded up to a multiple of it.</summary>
    public required int Multiple { get; init; }

    /// <summary>Bytes of the mask for each cell and each token of a batch.</summary>
    public required int MaskBytes { get; init; }

    /// <summary>Bytes of each value of a recurrent state.</summary>
    public required int StateBytes { get; init; }

    /// <summary>Conversations that a server keeps at a time.</summary>
    public required int Sequences { get; init; }

    /// <summary>What a cache of keys and values can be stored as.</summary>
    public required IReadOnlyList<string> Types { get; init; }
}

/// <summary>Names of metadata, behind the name of the architecture and a dot.</summary>
public sealed record ModelKeys
{
    public required string Layers { get; init; }

    public required string Embedding { get; init; }

    public required string FeedForward { get; init; }

    public required string ExpertFeedForward { get; init; }

    public required string ExpertsUsed { get; init; }

    public required string Heads { get; init; }

    public required string KvHeads { get; init; }

    public required string KeyLength { get; init; }

    public required string ValueLength { get; init; }

    public required string Window { get; init; }

    /// <summary>Every how many layers one has no window; or a list that says it of each layer.</summary>
    public required string WindowPattern { get; init; }

    public required string WindowKeyLength { get; init; }

    public required string WindowValueLength { get; init; }

    public required string LatentKeyLength { get; init; }

    public required string LatentValueLength { get; init; }

    public required string StateConvolution { get; init; }

    public required string StateInner { get; init; }

    public required string StateSize { get; init; }

    public required string StateGroups { get; init; }
}

/// <summary>Names of tensors.</summary>
public sealed record ModelTensors
{
    public required string Embedding { get; init; }

    public required string Output { get; init; }

    /// <summary>What the names of a layer's tensors start with; its number and a dot follow.</summary>
    public required string Layer { get; init; }

    /// <summary>What the name of a tensor that only a layer without experts has ends with.</summary>
    public required string FeedForward { get; init; }
}

/// <summary>What a batch takes while it is computed.</summary>
public sealed record ComputeFacts
{
    /// <summary>Tokens that are computed at a time.</summary>
    public required int Batch { get; init; }

    /// <summary>By name, how often each of a model's sizes is there at the same time.</summary>
    public required IReadOnlyDictionary<string, IReadOnlyDictionary<string, double>> Stages { get; init; }
}

/// <summary>Which layers.</summary>
public enum ModelLayers
{
    None,
    All,

    /// <summary>All that have no state.</summary>
    Rest,

    /// <summary>Those with no heads for keys and values.</summary>
    WithoutHeads,
    WithoutHeadsAndFeedForward,

    /// <summary>All but every Nth.</summary>
    NotEveryNth,
}

/// <summary>Which layers of an architecture keep what.</summary>
public sealed record ModelArchitecture
{
    /// <summary>The layers with keys and values.</summary>
    public ModelLayers Attention { get; init; } = ModelLayers.All;

    /// <summary>The layers with a recurrent state.</summary>
    public ModelLayers State { get; init; } = ModelLayers.None;

    /// <summary>For not_every_nth: the key with N.</summary>
    public string? Interval { get; init; }

    public int DefaultInterval { get; init; } = 1;

    public WindowRule? Window { get; init; }

    /// <summary>The key with the number of layers at the end that are not used.</summary>
    public string? UnusedLayers { get; init; }

    /// <summary>How many layers have a cache of their own, if not all.</summary>
    public int? CachedLayers { get; init; }
}

/// <summary>Layers that see the last tokens only.</summary>
public sealed record WindowRule
{
    /// <summary>How many tokens, where the file does not say it.</summary>
    public int DefaultSize { get; init; }

    /// <summary>Every how many layers one has no window, where the file does not say it.</summary>
    public required int Period { get; init; }
}
