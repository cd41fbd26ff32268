namespace Gfxbake.Formats.Offload;

/// <summary>A file is well-formed, but taking code out of it would break it or leave nothing of use. It stays as it is.</summary>
public sealed class OffloadRefusedException(string message) : Exception(message);
