namespace Gfxbake.Formats.Zstd;

/// <summary>How hard zstd tries.</summary>
/// <param name="Level">1 to 19.</param>
/// <param name="LongDistance">Whether to look for repetitions as far back as the window reaches (long-distance matching).</param>
public readonly record struct ZstdEffort(int Level, bool LongDistance)
{
    /// <summary>
    /// Two to the power of this many bytes are looked back at; 0 leaves it to the level. 27 is the most that every decoder takes unasked.
    /// </summary>
    public int WindowLog { get; init; }

    /// <summary>
    /// Threads besides the caller's; 0 compresses in the caller's. The bytes depend on whether there are any, not on how many.
    /// </summary>
    public int Workers { get; init; }

    /// <summary>Whether the frame ends with a hash of its content, so that damage is seen when it is unpacked.</summary>
    public bool Checksum { get; init; }
}

/// <summary>
/// Compresses what is written into one zstd frame, which Finish ends. The same input gives the same bytes with the same libzstd.
/// </summary>
public sealed class ZstdWriteStream : ForwardStream
{
    private readonly Stream target;
    private readonly byte[] output = new byte[1 << 16];
    private nint encoder;

    /// <param name="target">Takes the frame; stays open.</param>
    /// <param name="effort">How hard to try.</param>
    /// <param name="length">Bytes that will be written, no more and no less, for the frame's header; null when nobody knows yet.</param>
    public ZstdWriteStream(Stream target, ZstdEffort effort, long? length)
    {
        this.target = target;
        encoder = Zstd.Create(Zstd.CreateEncoder);
        Set(Zstd.CompressionLevel, effort.Level);
        Set(Zstd.LongDistanceMatching, effort.LongDistance ? 1 : 0);
        if (effort.WindowLog != 0)
            Set(Zstd.WindowLog, effort.WindowLog);
        if (effort.Checksum)
            Set(Zstd.ChecksumFlag, 1);
        if (effort.Workers > 0)
            Set(Zstd.Workers, effort.Workers);
        if (length is { } known)
            Zstd.Check(Zstd.SetContentSize(encoder, (ulong)known));
    }

    public override bool CanWrite => true;

    public override void Write(ReadOnlySpan<byte> buffer) => Push(buffer, Zstd.Continue);

    /// <summary>Ends the frame. Not a part of Dispose: after an error the frame is of no use, and the error shall be seen.</summary>
    /// <exception cref="CompressionException">Fewer bytes were written than announced.</exception>
    public void Finish() => Push([], Zstd.End);

    protected override void Dispose(bool disposing)
    {
        if (encoder != 0)
            _ = Zstd.FreeEncoder(encoder);
        encoder = 0;
        base.Dispose(disposing);
    }

    private void Set(int parameter, int value) => Zstd.Check(Zstd.SetParameter(encoder, parameter, value));

    private unsafe void Push(ReadOnlySpan<byte> buffer, int directive)
    {
        ObjectDisposedException.ThrowIf(encoder == 0, this);
        fixed (
            byte* from = buffer,
                to = output
        )
        {
            var source = new Zstd.Buffer { Start = (nint)from, Size = (nuint)buffer.Length };
            nuint left;
            do
            {
                var room = new Zstd.Buffer { Start = (nint)to, Size = (nuint)output.Length };
                left = Zstd.Check(Zstd.Compress(encoder, ref room, ref source, directive));
                target.Write(output, 0, (int)room.Position);
            } while (directive == Zstd.End ? left != 0 : source.Position < source.Size);
        }
    }
}
