using Gfxbake.Formats.Gguf;
using Gfxbake.Recipes.Model;

namespace Gfxbake.Recipes.Shared;

/// <summary>What is known of one GPU (recipes/_shared/gpus.yml says where from).</summary>
public sealed record Gpu
{
    /// <summary>Example products, for people.</summary>
    public required IReadOnlyList<string> Names { get; init; }

    /// <summary>The kernel driver's number: major * 10000 + minor * 100 + stepping.</summary>
    public required int GfxTargetVersion { get; init; }

    /// <summary>AMDGPU_FAMILY_* of the kernel's amdgpu_drm.h.</summary>
    public required int FamilyId { get; init; }

    public required int ComputeUnits { get; init; }

    /// <summary>Bytes of memory that the null GPU claims.</summary>
    public required long Memory { get; init; }
}

/// <summary>What is known of ROCm, once for all recipes (recipes/_shared/rocm.yml).</summary>
public sealed record RocmFacts
{
    public required IReadOnlyList<KernelRule> Kernels { get; init; }

    public required IReadOnlyList<KeepRule> Keep { get; init; }
}

/// <summary>What test models consist of, once for all recipes (recipes/_shared/test-models.yml).</summary>
public sealed record ModelFacts
{
    public required IReadOnlyDictionary<string, TinyArchitecture> Architectures { get; init; }
}

/// <summary>What can stand in for a GPU, once for all recipes (recipes/_shared/devices.yml).</summary>
public sealed record DeviceFacts
{
    public required IReadOnlyDictionary<string, Device> Devices { get; init; }
}
