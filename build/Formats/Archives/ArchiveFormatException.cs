namespace Gfxbake.Formats.Archives;

/// <summary>An exported image is truncated, damaged, or not what it says it is.</summary>
public sealed class ArchiveFormatException(string message) : Exception(message);
