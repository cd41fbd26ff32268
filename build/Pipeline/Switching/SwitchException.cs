namespace Gfxbake.Pipeline.Switching;

/// <summary>A switch that can't be made or undone, said so that people know what to do.</summary>
public sealed class SwitchException(string message, Exception? inner = null) : Exception(message, inner);
