namespace Gfxbake.Pipeline.Check;

/// <summary>What came of a check, the best first.</summary>
public enum GpuVerdict
{
    /// <summary>The GPU was used, and gives the CPU's numbers.</summary>
    Passed,

    /// <summary>It was used, and its numbers mean nothing.</summary>
    NotCompared,

    /// <summary>The GPU was used, and its numbers are wrong.</summary>
    WrongNumbers,

    /// <summary>There are answers, and the CPU gave them.</summary>
    CpuFallback,

    /// <summary>A library by which a GPU is reached was not loaded.</summary>
    MissingLibrary,

    /// <summary>One of the two runs came to no end that can be judged.</summary>
    Failed,
}

/// <summary>What one check found.</summary>
public sealed record GpuFinding
{
    public required string Name { get; init; }

    public required GpuVerdict Verdict { get; init; }

    /// <summary>Why it did not pass; empty when it did.</summary>
    public required IReadOnlyList<string> Problems { get; init; }

    /// <summary>What the program said of the GPU, by the recipe's names.</summary>
    public IReadOnlyDictionary<string, string> Shown { get; init; } = new Dictionary<string, string>();

    /// <summary>Kernels that it says that it ran; null where it was not asked.</summary>
    public long? Kernels { get; init; }

    /// <summary>How many different ones.</summary>
    public int? DifferentKernels { get; init; }

    /// <summary>The libraries by which the GPU is reached, as they were loaded.</summary>
    public IReadOnlyList<string> Libraries { get; init; } = [];

    /// <summary>All that were loaded.</summary>
    public IReadOnlyList<string> AllLibraries { get; init; } = [];

    /// <summary>Empty where none were compared.</summary>
    public IReadOnlyList<GpuNumbers> Numbers { get; init; } = [];
}

/// <summary>The log probabilities of one answer beside the CPU's.</summary>
/// <param name="Request">For instance "POST /completion".</param>
/// <param name="Compared">How many.</param>
/// <param name="Largest">The largest difference.</param>
/// <param name="Limit">What it may be.</param>
public sealed record GpuNumbers(string Request, int Compared, double Largest, double Limit);
