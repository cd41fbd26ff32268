using Gfxbake.Formats.Tar;

namespace Gfxbake.Pipeline.Full;

/// <summary>An entry of a file system with the digest of its content.</summary>
/// <param name="Entry">As the export or the file table has it.</param>
/// <param name="Sha256">Of a file's content: 64 lower-case hexadecimal digits. Null for what has no content.</param>
public sealed record HashedEntry(ImageEntry Entry, string? Sha256);
