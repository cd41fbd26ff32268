namespace Gfxbake.Formats.Gguf;

/// <summary>The form of a model's file.</summary>
public enum TinyFormat
{
    /// <summary>What llama.cpp reads; what is in it, the architecture says.</summary>
    Gguf,

    /// <summary>ggml's older form, as whisper.cpp reads it; what is in it stands in <see cref="TinyWhisper"/>.</summary>
    Ggml,
}

/// <summary>How a tensor is filled.</summary>
public enum TinyValues
{
    /// <summary>Random, so that what comes out is about as large as what goes in.</summary>
    Matrix,

    /// <summary>Random, about 1.</summary>
    Embedding,

    /// <summary>Random and larger; rows of tokens that are no text are 0.</summary>
    Logits,

    One,
    Zero,
}

/// <summary>What a kind of model consists of, as data (recipes/_shared/test-models.yml).</summary>
public sealed record TinyArchitecture
{
    /// <summary>The size that is the vocabulary's number of tokens.</summary>
    public const string Vocabulary = "n_vocab";

    /// <summary>The size that is the number of layers.</summary>
    public const string Layers = "n_layer";

    public required TinyFormat Format { get; init; }

    /// <summary>Numbers by the names that shapes and metadata use.</summary>
    public IReadOnlyDictionary<string, int> Sizes { get; init; } = new Dictionary<string, int>();

    /// <summary>Metadata of the file besides its architecture's name and its tokenizer, in order.</summary>
    public IReadOnlyList<TinyKey> Metadata { get; init; } = [];

    /// <summary>Tensors before the layers, in order.</summary>
    public IReadOnlyList<TinyTensor> First { get; init; } = [];

    /// <summary>Tensors of each layer; {layer} in a name is its number.</summary>
    public IReadOnlyList<TinyTensor> Layer { get; init; } = [];

    /// <summary>Tensors after the layers.</summary>
    public IReadOnlyList<TinyTensor> Last { get; init; } = [];

    /// <summary>How the name of such a file ends.</summary>
    public string Ending => Format == TinyFormat.Gguf ? ".gguf" : ".bin";

    /// <summary>Writes a model to a stream, which need not seek and is left open. Same arguments, same bytes.</summary>
    /// <exception cref="ArgumentException">The architecture makes no model; the message names each problem.</exception>
    public void Write(string name, ulong seed, GgufTensorType weights, Stream output)
    {
        if (Format == TinyFormat.Gguf)
            TinyModel.Write(name, this, seed, weights, output);
        else
            TinyWhisper.Write(seed, weights, output);
    }
}

/// <summary>One value of a file's metadata; it has one of the four.</summary>
public sealed record TinyKey
{
    public required string Key { get; init; }

    /// <summary>The name of a size, or digits: an unsigned number of 32 bits.</summary>
    public string? Number { get; init; }

    /// <summary>A decimal fraction: a floating-point number of 32 bits.</summary>
    public string? Real { get; init; }

    public bool? Flag { get; init; }

    public string? Text { get; init; }
}

/// <summary>A tensor, or one of each layer.</summary>
public sealed record TinyTensor
{
    public required string Name { get; init; }

    /// <summary>Names of sizes, or digits; the fastest running one first.</summary>
    public required IReadOnlyList<string> Shape { get; init; }

    public TinyValues Values { get; init; } = TinyValues.Matrix;

    /// <summary>Whether it is stored in single precision whatever the weights are; ones and zeros always are.</summary>
    public bool F32 { get; init; }

    /// <summary>Whether it is one of those that q4_k_m stores as q6_K.</summary>
    public bool Fine { get; init; }

    /// <summary>Whether it is stored as the weights are.</summary>
    internal bool IsWeight => !F32 && Values is not (TinyValues.One or TinyValues.Zero);
}
