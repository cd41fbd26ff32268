namespace Gfxbake.Pipeline.Bench;

/// <summary>A measurement or a record of one that can't be used; the message says why.</summary>
public sealed class BenchException(string message) : Exception(message);
