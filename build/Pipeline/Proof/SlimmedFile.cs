namespace Gfxbake.Pipeline.Proof;

/// <summary>A rewritten library.</summary>
/// <param name="Path">Its path in the image.</param>
/// <param name="Before">Bytes in the full image.</param>
/// <param name="After">Bytes now.</param>
/// <param name="Sha256">Of what it is now.</param>
public sealed record SlimmedFile(string Path, long Before, long After, string Sha256);
