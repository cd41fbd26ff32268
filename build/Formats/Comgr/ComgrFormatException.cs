namespace Gfxbake.Formats.Comgr;

/// <summary>A recorded part is not what a recorder writes.</summary>
public sealed class ComgrFormatException(string message) : Exception(message);
