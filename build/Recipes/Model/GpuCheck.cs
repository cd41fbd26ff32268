namespace Gfxbake.Recipes.Model;

/// <summary>What CheckGpu makes of a workload, which nothing else runs: once on the CPU, once on a GPU.</summary>
public sealed record GpuCheck
{
    /// <summary>What numbers are held against: the same command's on the CPU, a moment ago.</summary>
    public const string Cpu = "cpu";

    /// <summary>The group of a pattern of <see cref="Shows"/> that is shown.</summary>
    public const string Shown = "shown";

    /// <summary>The groups of <see cref="Kernels"/>: a kernel's name, and how often it ran where one line counts several.</summary>
    public const string Kernel = "kernel",
        Count = "count";

    /// <summary>Variables with which the same command computes on the CPU, also of a machine with a GPU.</summary>
    public required IReadOnlyDictionary<string, string> CpuEnvironment { get; init; }

    /// <summary>
    /// Variables with which the program tells of its kernels. Only for what computes: a null GPU does not answer all that is asked then.
    /// </summary>
    public required IReadOnlyDictionary<string, string> Watch { get; init; }

    /// <summary>Matches each line of the output that tells of kernels.</summary>
    public required string Kernels { get; init; }

    /// <summary>Prints what a container's first process has mapped, /proc/1/maps.</summary>
    public required IReadOnlyList<string> Maps { get; init; }

    /// <summary>Libraries that are mapped when a GPU is used, without their versions; of names with '|' between them one is.</summary>
    public required IReadOnlyList<string> Loads { get; init; }

    /// <summary>What a report takes from the output, by the names that it gives them.</summary>
    public IReadOnlyDictionary<string, string> Shows { get; init; } = new Dictionary<string, string>();

    /// <summary>Where wrong numbers of this program are reported.</summary>
    public IReadOnlyList<string> Known { get; init; } = [];
}
