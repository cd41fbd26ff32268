namespace Gfxbake.Formats.Zstd;

/// <summary>
/// Decompresses one zstd frame as it is read. The memory is the frame's window, at most 128 MiB: libzstd refuses frames that want more.
/// </summary>
public sealed class ZstdReadStream : ForwardStream
{
    private readonly Stream source;
    private readonly byte[] input = new byte[1 << 16];
    private nint decoder;
    private int start,
        end;
    private bool ended;

    /// <param name="source">Is read as far as the frame needs it, at most 64 KiB ahead; stays open.</param>
    public ZstdReadStream(Stream source)
    {
        this.source = source;
        decoder = Zstd.Create(Zstd.CreateDecoder);
    }

    public override bool CanRead => true;

    /// <summary>Compressed bytes that were needed for what was read so far.</summary>
    public long Consumed { get; private set; }

    /// <summary>The next decompressed bytes; 0 at the frame's end.</summary>
    /// <exception cref="CompressionException">The frame is broken or ends early.</exception>
    public override int Read(Span<byte> buffer)
    {
        ObjectDisposedException.ThrowIf(decoder == 0, this);
        var read = 0;
        while (read == 0 && !ended && buffer.Length > 0)
        {
            if (start == end)
            {
                (start, end) = (0, source.Read(input));
                if (end == 0)
                    throw new CompressionException("zstd: the data ends in the middle of a frame");
            }

            read = Step(buffer);
        }

        return read;
    }

    protected override void Dispose(bool disposing)
    {
        if (decoder != 0)
            _ = Zstd.FreeDecoder(decoder);
        decoder = 0;
        base.Dispose(disposing);
    }

    private unsafe int Step(Span<byte> buffer)
    {
        fixed (
            byte* from = input,
                to = buffer
        )
        {
            var source = new Zstd.Buffer
            {
                Start = (nint)from,
                Size = (nuint)end,
                Position = (nuint)start,
            };
            var target = new Zstd.Buffer { Start = (nint)to, Size = (nuint)buffer.Length };
            // 0 says that the frame is complete and all of it was handed out.
            ended = Zstd.Check(Zstd.Decompress(decoder, ref target, ref source)) == 0;
            Consumed += (int)source.Position - start;
            start = (int)source.Position;
            return (int)target.Position;
        }
    }
}
