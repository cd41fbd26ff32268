namespace Gfxbake.Formats.Offload;

/// <summary>GPU code in a file is not laid out as its format says. The message says what and at which byte.</summary>
public sealed class OffloadFormatException : Exception
{
    /// <param name="offset">Where in the file the bad value stands, in bytes.</param>
    /// <param name="problem">What is wrong, without a full stop.</param>
    public OffloadFormatException(long offset, string problem)
        : base($"{problem} (at offset 0x{offset:x})") => Offset = offset;

    public long Offset { get; }
}
