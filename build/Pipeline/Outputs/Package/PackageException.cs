namespace Gfxbake.Pipeline.Outputs.Package;

/// <summary>A package can't be made of what is there; the message says what, where and what next.</summary>
public sealed class PackageException(string message) : Exception(message);
