namespace Gfxbake.Formats.Offload;

/// <summary>What was written.</summary>
/// <param name="Length">Bytes of the new file.</param>
/// <param name="Bundles">In the order of OffloadRewrite.Bundles.</param>
public sealed record OffloadResult(long Length, IReadOnlyList<WrittenBundle> Bundles);

/// <summary>A bundle in the new file.</summary>
/// <param name="Address">Where it is in memory.</param>
/// <param name="Length">Bytes that it takes in the file.</param>
/// <param name="Objects">SHA-256 of the content of each entry that has any, as it was read from the old file, in the table's order.</param>
public sealed record WrittenBundle(ulong Address, long Length, IReadOnlyList<string> Objects);
