namespace Gfxbake.Formats.Offload;

/// <summary>What becomes of one bundle.</summary>
public sealed record BundleRewrite
{
    public required OffloadBundle Source { get; init; }

    /// <summary>The entries that stay, with their places in the source.</summary>
    public required IReadOnlyList<BundleEntry> Kept { get; init; }

    /// <summary>The same entries in the same order, with their places in the new bundle.</summary>
    public required IReadOnlyList<BundleEntry> Written { get; init; }

    /// <summary>Bytes of the new bundle before it is compressed.</summary>
    public required long Length { get; init; }

    /// <summary>Version of the compressed form that is written; null for a plain bundle.</summary>
    public required int? CompressedVersion { get; init; }

    /// <summary>Whether the new bundle is a part of the old one's bytes, so that it can be copied without work.</summary>
    public bool IsCopy => Source.Compression is null && CompressedVersion is null;
}

/// <summary>What becomes of a library: decided from its headers alone.</summary>
public sealed record OffloadRewrite
{
    public required FatBinary Source { get; init; }

    public required IReadOnlyList<TargetId> Targets { get; init; }

    public required IReadOnlyList<BundleRewrite> Bundles { get; init; }

    /// <summary>Where the wish for a form could not be met, why; else null.</summary>
    public string? Note { get; init; }

    /// <summary>
    /// Whether the table of program headers has to move for want of a header that can go. GNU strip would destroy the new file.
    /// </summary>
    public bool MovesTable => SegmentSplit.Of(Source).MovesTable;

    /// <summary>Code objects before and after.</summary>
    public (int Before, int After) Objects => (Bundles.Sum(b => Count(b.Source.Entries)), Bundles.Sum(b => Count(b.Kept)));

    /// <summary>Bytes of code, unpacked, before and after.</summary>
    public (long Before, long After) Bytes =>
        (Bundles.Sum(b => b.Source.Entries.Sum(e => e.Size)), Bundles.Sum(b => b.Kept.Sum(e => e.Size)));

    private static int Count(IEnumerable<BundleEntry> entries) => entries.Count(e => e.Size > 0);
}
