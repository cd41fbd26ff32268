namespace Gfxbake.Pipeline.Run;

/// <summary>A model whose memory can't be told; the message says why.</summary>
public sealed class FitException(string message) : Exception(message);
