namespace Gfxbake.Recipes.Shared;

/// <summary>What is known of the hosts that images run on, once for all recipes (recipes/_shared/hosts.yml).</summary>
public sealed record HostFacts
{
    /// <summary>File name by which programs load ROCr.</summary>
    public required string Library { get; init; }

    /// <summary>The GPUs that do not run with every ROCr on every kernel.</summary>
    public required IReadOnlyList<RocrRule> Rocr { get; init; }

    /// <summary>The rule of a GPU; null where any ROCr will do, as far as is known.</summary>
    public RocrRule? RuleOf(string gpu) => Rocr.FirstOrDefault(r => r.Gpus.Contains(gpu, StringComparer.Ordinal));
}

/// <summary>Which ROCr some GPUs need on which kernels.</summary>
public sealed record RocrRule
{
    public required IReadOnlyList<string> Gpus { get; init; }

    /// <summary>One sentence for people, without a full stop.</summary>
    public required string Why { get; init; }

    /// <summary>Where the rule was read.</summary>
    public required string Source { get; init; }

    /// <summary>The day on which it was read.</summary>
    public required string Read { get; init; }

    /// <summary>The oldest kernels that have the fix.</summary>
    public required IReadOnlyList<FixedKernel> Kernels { get; init; }

    /// <summary>Line of the GPU's properties in /sys/class/kfd that shows a kernel's fix; a ROCr that reads it names it.</summary>
    public required string Property { get; init; }

    /// <summary>What is known of each ROCr; nothing of those that no range holds.</summary>
    public required IReadOnlyList<RocrRange> Versions { get; init; }

    /// <summary>The range that holds a version of three numbers.</summary>
    public RocrRange? Of(string version) => Versions.FirstOrDefault(r => r.Holds(version));
}

/// <summary>The oldest kernel of one line that has the fix.</summary>
public sealed record FixedKernel
{
    public required string Name { get; init; }

    public required string From { get; init; }
}

/// <summary>Some versions of ROCr and how they get on with kernels.</summary>
public sealed record RocrRange
{
    /// <summary>The first version; of two numbers, every version that starts with them counts.</summary>
    public required string From { get; init; }

    /// <summary>The last version, which belongs to the range.</summary>
    public required string To { get; init; }

    public required KernelVerdict WithFix { get; init; }

    public required KernelVerdict WithoutFix { get; init; }

    public bool Holds(string version) => RocmNumber.Compare(version, From) >= 0 && RocmNumber.Compare(version, To) <= 0;

    public override string ToString() => From == To ? From : $"{From} to {To}";
}

public enum KernelVerdict
{
    Works,
    Unstable,
    Broken,
}
