using System.IO.Compression;
using Gfxbake.Formats.Zstd;

namespace Gfxbake.Formats.Archives;

/// <summary>A layer's tar, unpacked if it is packed with gzip: docker saves layers so when containerd keeps its images.</summary>
/// <remarks>Formats: RFC 1952. An image's configuration names layers by the digests of their unpacked tars.</remarks>
public static class LayerContent
{
    // No image of a recipe comes near; a few bytes can unpack to without end.
    private const long MostBytes = 1L << 37;

    /// <param name="file">The layer as the archive has it.</param>
    /// <returns>The tar, and whether it was packed.</returns>
    public static (Stream Tar, bool Packed) Open(Stream file)
    {
        var head = new byte[2];
        var length = file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
        var whole = new Whole(head.AsMemory(0, length), file, long.MaxValue);
        return head is [0x1f, 0x8b]
            ? (new Whole(default, new GZipStream(whole, CompressionMode.Decompress), MostBytes), true)
            : (whole, false);
    }

    /// <summary>What was read already and then the rest; no more than a limit.</summary>
    private sealed class Whole(ReadOnlyMemory<byte> head, Stream rest, long limit) : ForwardStream
    {
        private long done;

        public override bool CanRead => true;

        public override int Read(Span<byte> buffer)
        {
            var read = Math.Min(head.Length, buffer.Length);
            head.Span[..read].CopyTo(buffer);
            head = head[read..];
            if (read == 0)
                read = rest.Read(buffer);
            done += read;
            return done <= limit ? read : throw new ArchiveFormatException($"a layer unpacks to more than {limit:N0} bytes");
        }
    }
}
