using Gfxbake.Core.Pruning;

namespace Gfxbake.Core.Recipes;

/// <summary>What is known of one GPU (recipes/_shared/gpus.yml).</summary>
public sealed record Gpu
{
    public required string Summary { get; init; }

    /// <summary>The kernel's gfx_target_version: major * 10000 + minor * 100 + stepping, in decimal.</summary>
    public required int TargetVersion { get; init; }

    /// <summary>The amdgpu family number.</summary>
    public required int Family { get; init; }

    public required int ComputeUnits { get; init; }
}

/// <summary>What is known of ROCm, once for all recipes (recipes/_shared/rocm.yml).</summary>
public sealed record RocmFacts
{
    public required NullGpuSource NullGpu { get; init; }

    public required IReadOnlyList<KernelRule> Kernels { get; init; }

    public required IReadOnlyList<KeepRule> Keep { get; init; }

    /// <summary>Pairs of links that AMD's layout has below its prefix and that must not dangle where they exist.</summary>
    public required IReadOnlyList<string> Links { get; init; }
}

/// <summary>The ROCr with model mode that the null GPU needs.</summary>
public sealed record NullGpuSource
{
    public required string Suite { get; init; }

    public required string Package { get; init; }

    public required string Version { get; init; }
}
