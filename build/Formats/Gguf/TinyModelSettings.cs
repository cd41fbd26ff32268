namespace Gfxbake.Formats.Gguf;

/// <summary>The shape of a <see cref="TinyModel"/>; the defaults make a file of about 3 MB.</summary>
/// <remarks>
/// Sizes are multiples of 256 by default, so that llama-quantize can make every block format of it, and large enough
/// that a prompt of 64 tokens is a matrix product which llama.cpp hands to rocBLAS.
/// </remarks>
public sealed record TinyModelSettings
{
    public ulong Seed { get; init; } = 1;

    /// <summary>Width of a token's vector; a multiple of 32 and of twice <see cref="Heads"/>, at most 8192.</summary>
    public int Embedding { get; init; } = 256;

    /// <summary>Transformer blocks, 1 to 64.</summary>
    public int Layers { get; init; } = 2;

    /// <summary>Width of the feed-forward part; a multiple of 32, at most 32768.</summary>
    public int FeedForward { get; init; } = 512;

    /// <summary>Attention heads, at most 256.</summary>
    public int Heads { get; init; } = 4;

    /// <summary>Key and value heads; divides <see cref="Heads"/>.</summary>
    public int KvHeads { get; init; } = 2;

    /// <summary>Longest context in tokens, at most 1048576.</summary>
    public int Context { get; init; } = 2048;

    /// <summary>How the matrices are stored: F16 or Q8. Norms are always F32.</summary>
    public GgufTensorType WeightType { get; init; } = GgufTensorType.F16;

    /// <summary>All that is wrong with the settings, in one exception.</summary>
    /// <exception cref="ArgumentException">Some size is out of range, or sizes do not go together.</exception>
    public void Check()
    {
        var problems = new List<string>();
        CheckRange(problems, nameof(Embedding), Embedding, 8192);
        CheckRange(problems, nameof(Layers), Layers, 64);
        CheckRange(problems, nameof(FeedForward), FeedForward, 32768);
        CheckRange(problems, nameof(Heads), Heads, 256);
        CheckRange(problems, nameof(KvHeads), KvHeads, 256);
        CheckRange(problems, nameof(Context), Context, 1048576);
        if (problems.Count == 0)
        {
            Require(problems, Embedding % TensorEncoding.Q8BlockValues == 0, $"Embedding {Embedding} is no multiple of 32");
            Require(problems, FeedForward % TensorEncoding.Q8BlockValues == 0, $"FeedForward {FeedForward} is no multiple of 32");
            Require(problems, Embedding % (2 * Heads) == 0, $"Embedding {Embedding} does not divide into {Heads} heads of even size");
            Require(problems, Heads % KvHeads == 0, $"KvHeads {KvHeads} does not divide Heads {Heads}");
            Require(problems, WeightType is GgufTensorType.F16 or GgufTensorType.Q8, $"WeightType {WeightType} is neither F16 nor Q8");
        }

        if (problems.Count > 0)
            throw new ArgumentException($"Tiny model: {string.Join("; ", problems)}.");
    }

    private static void CheckRange(List<string> problems, string name, int value, int most) =>
        Require(problems, value >= 1 && value <= most, $"{name} {value} is not between 1 and {most}");

    private static void Require(List<string> problems, bool holds, string problem)
    {
        if (!holds)
            problems.Add(problem);
    }
}
