namespace Gfxbake.Pipeline.Devices;

/// <summary>What a program sees of a GPU that does not exist.</summary>
public sealed record TopologyGpu
{
    /// <summary>Text of the node's name file; a line without control characters.</summary>
    public required string Name { get; init; }

    /// <summary>The kernel driver's number: major * 10000 + minor * 100 + stepping, so 110501 for gfx1151.</summary>
    public required int GfxTargetVersion { get; init; }

    /// <summary>AMDGPU_FAMILY_* of the kernel's amdgpu_drm.h; 150 for gfx1151.</summary>
    public required int FamilyId { get; init; }

    /// <summary>SIMD units: two for each compute unit of an RDNA GPU.</summary>
    public required int SimdCount { get; init; }

    /// <summary>Bytes of device memory.</summary>
    public required long MemoryBytes { get; init; }
}
