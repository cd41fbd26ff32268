namespace Gfxbake.Formats.Tensile;

/// <summary>A table of Tensile's that is malformed.</summary>
/// <param name="offset">Where, in bytes.</param>
/// <param name="what">What is wrong.</param>
public sealed class TensileFormatException(long offset, string what) : Exception($"at byte {offset}: {what}");
