using System.Runtime.InteropServices;
using Gfxbake.Formats.Zstd;

namespace Gfxbake.Formats.Xz;

/// <summary>Decompresses one .xz stream as it is read; liblzma refuses one that wants more memory than packages need.</summary>
public sealed unsafe class XzReadStream : ForwardStream
{
    // xz -9 takes 65 MiB; a hostile stream may ask for 4 GiB.
    private const ulong MostMemory = 256 << 20;
    private const int InputBytes = 1 << 16;

    private readonly Stream source;
    private readonly byte[] input = new byte[InputBytes];

    // liblzma keeps a pointer to it, so it must not move.
    private readonly Lzma.Stream* state = (Lzma.Stream*)NativeMemory.AllocZeroed((nuint)sizeof(Lzma.Stream));
    private int start,
        end;
    private bool ended,
        disposed;

    /// <param name="source">Is read as far as the stream needs it, at most 64 KiB ahead; stays open.</param>
    public XzReadStream(Stream source)
    {
        this.source = source;
        Lzma.Start(ref *state, MostMemory);
    }

    ~XzReadStream() => Dispose(false);

    public override bool CanRead => true;

    /// <summary>The next decompressed bytes; 0 at the stream's end.</summary>
    /// <exception cref="CompressionException">The stream is broken or ends early.</exception>
    public override int Read(Span<byte> buffer)
    {
        ObjectDisposedException.ThrowIf(disposed, this);
        var read = 0;
        while (read == 0 && !ended && buffer.Length > 0)
        {
            if (start == end)
                (start, end) = (0, source.Read(input));
            read = Step(buffer);
        }

        return read;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposed)
            return;
        disposed = true;
        Lzma.End(ref *state);
        NativeMemory.Free(state);
        base.Dispose(disposing);
    }

    private int Step(Span<byte> buffer)
    {
        fixed (
            byte* from = input,
                to = buffer
        )
        {
            var last = end == 0;
            (state->Input, state->InputLeft) = ((nint)from + start, (nuint)(end - start));
            (state->Output, state->OutputLeft) = ((nint)to, (nuint)buffer.Length);
            var result = Lzma.Code(ref *state, last ? Lzma.Finish : Lzma.Run);
            start = end - (int)state->InputLeft;
            ended = result == Lzma.StreamEnd;
            if (result is not Lzma.Ok and not Lzma.StreamEnd)
            {
                throw new CompressionException(
                    result == Lzma.MemoryLimit ? $"xz: it wants more than {MostMemory >> 20} MiB of memory"
                    : last ? "xz: the data ends in the middle of a stream"
                    : $"xz: the data is broken (error {result})"
                );
            }

            var written = buffer.Length - (int)state->OutputLeft;
            if (last && written == 0 && !ended)
                throw new CompressionException("xz: the data ends in the middle of a stream");
            return written;
        }
    }
}
