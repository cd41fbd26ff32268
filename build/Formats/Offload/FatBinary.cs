using Gfxbake.Formats.Elf;

namespace Gfxbake.Formats.Offload;

/// <summary>A library or program with HIP code for GPUs in it.</summary>
public sealed record FatBinary
{
    public required ElfLayout Layout { get; init; }

    /// <summary>The section .hip_fatbin, which holds the bundles.</summary>
    public required SectionHeader Section { get; init; }

    /// <summary>In the order of .hipFatBinSegment; none when nothing points to the code.</summary>
    public required IReadOnlyList<FatBinaryWrapper> Wrappers { get; init; }

    /// <summary>By address.</summary>
    public required IReadOnlyList<OffloadBundle> Bundles { get; init; }

    /// <summary>What there is code for.</summary>
    public IReadOnlyList<string> Targets => TargetsOf(Bundles);

    /// <summary>What bundles have code for, the older GPUs first.</summary>
    public static IReadOnlyList<string> TargetsOf(IEnumerable<OffloadBundle> bundles) =>
        [
            .. bundles
                .SelectMany(b => b.Entries)
                .Where(e => !e.IsHost)
                .Select(e => e.Target?.ToString() ?? e.Id)
                .Distinct()
                .OrderBy(t => t, GpuOrder.Instance),
        ];
}

/// <summary>
/// A record of .hipFatBinSegment, by which the HIP runtime finds a bundle: u32 "HIPF", u32 version 1, u64 address, u64 0.
/// </summary>
/// <param name="PointerOffset">Where in the file the address stands.</param>
/// <param name="AddendOffset">
/// Where in the file the addend of the relocation stands that sets the address; null when the word itself is the only copy.
/// </param>
/// <param name="Address">Address of the bundle.</param>
public sealed record FatBinaryWrapper(long PointerOffset, long? AddendOffset, ulong Address);
