namespace Gfxbake.Formats.Zstd;

/// <summary>Compressed data is broken, or libzstd can't do what is asked.</summary>
public sealed class CompressionException(string message) : Exception(message);
