namespace Gfxbake.Formats.Offload;

/// <summary>One offload bundle of a library: the code that one compilation unit brought for several GPUs.</summary>
public sealed record OffloadBundle
{
    /// <summary>Where it is in memory, as its wrapper says.</summary>
    public required ulong Address { get; init; }

    /// <summary>Where it starts in the file, in bytes.</summary>
    public required long Offset { get; init; }

    /// <summary>Bytes in the file from its start up to the next bundle, or to the end of them all.</summary>
    public required long Slot { get; init; }

    /// <summary>Null when it is plain.</summary>
    public CompressedHeader? Compression { get; init; }

    /// <summary>In the table's order, the host's included.</summary>
    public required IReadOnlyList<BundleEntry> Entries { get; init; }
}
