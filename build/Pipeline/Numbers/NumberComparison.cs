using Gfxbake.Recipes.Model;

namespace Gfxbake.Pipeline.Numbers;

/// <summary>How far the numbers of an answer are from those that another workload got in the full image.</summary>
public sealed record NumberComparison
{
    /// <summary>For instance "POST /completion".</summary>
    public required string Request { get; init; }

    public NumberKind Kind { get; init; }

    /// <summary>The workload whose answer in the full image is the reference.</summary>
    public required string Against { get; init; }

    /// <summary>Positions that both answers have.</summary>
    public required int Positions { get; init; }

    /// <summary>Positions that were compared: those up to where the two generated different tokens.</summary>
    public required int PositionsCompared { get; init; }

    /// <summary>Numbers that were compared.</summary>
    public required int Compared { get; init; }

    /// <summary>How many must have been.</summary>
    public required int Least { get; init; }

    /// <summary>The largest difference.</summary>
    public required double Largest { get; init; }

    /// <summary>What it may be.</summary>
    public required double Limit { get; init; }

    /// <summary>Where it is; null when nothing was compared.</summary>
    public NumberPlace? Place { get; init; }

    /// <summary>Kullback-Leibler divergence of the first position, in nats; null unless both list their whole vocabulary.</summary>
    public double? Divergence { get; init; }

    /// <summary>The reference's most probable tokens of the first position, or a vector's largest values.</summary>
    public required IReadOnlyList<TokenPair> First { get; init; }
}

/// <param name="Position">The first is 1.</param>
/// <param name="Token">The token, and both its numbers.</param>
public sealed record NumberPlace(int Position, TokenPair Token);

/// <param name="Id">The token's number in the vocabulary.</param>
/// <param name="Text">What it stands for.</param>
/// <param name="Reference">Its log probability in the full image.</param>
/// <param name="Measured">Its log probability now; null when the answer does not list it.</param>
public sealed record TokenPair(int Id, string Text, double Reference, double? Measured);
