using System.IO.Compression;
using System.Security.Cryptography;
using Gfxbake.Formats.Zstd;

namespace Gfxbake.Formats.Offload;

/// <summary>An uncompressed bundle, read forward, whatever form it has in the file.</summary>
internal sealed class BundleStream : ForwardStream
{
    private readonly Stream source,
        content;
    private readonly OffloadBundle bundle;
    private readonly IncrementalHash? hash;
    private readonly ZstdReadStream? zstd;
    private readonly CancellationToken cancellation;

    /// <param name="source">The whole file; is moved to the bundle and stays open.</param>
    /// <param name="bundle">Its place and form; its entries are not asked for.</param>
    /// <param name="cancellation">Looked at while a compressed bundle is skipped.</param>
    public BundleStream(Stream source, OffloadBundle bundle, CancellationToken cancellation = default)
    {
        (this.source, this.bundle, this.cancellation) = (source, bundle, cancellation);
        var header = bundle.Compression;
        Length = header?.UncompressedBytes ?? bundle.Slot;
        source.Position = bundle.Offset + (header?.HeaderBytes ?? 0);
        var data = new RangeStream(source, (header?.TotalBytes ?? bundle.Slot) - (header?.HeaderBytes ?? 0));
        content = header?.Method switch
        {
            BundleMethod.Zstd => zstd = new ZstdReadStream(data),
            BundleMethod.Zlib => new ZLibStream(data, CompressionMode.Decompress),
            _ => data,
        };
        // MD5 is what the format uses.
#pragma warning disable CA5351
        hash = header is null ? null : IncrementalHash.CreateHash(HashAlgorithmName.MD5);
#pragma warning restore CA5351
    }

    public override bool CanRead => true;

    public override long Length { get; }

    /// <summary>Bytes read so far.</summary>
    public long Offset { get; private set; }

    /// <summary>Compressed bytes that were needed for what was read so far; only zstd tells.</summary>
    public long Consumed => zstd?.Consumed ?? 0;

    public override int Read(Span<byte> buffer)
    {
        int read;
        try
        {
            read = content.Read(buffer[..(int)Math.Min(buffer.Length, Length - Offset)]);
        }
        catch (Exception error) when (error is CompressionException or InvalidDataException)
        {
            throw new OffloadFormatException(bundle.Offset, $"a compressed bundle is broken: {error.Message}");
        }

        hash?.AppendData(buffer[..read]);
        Offset += read;
        return read;
    }

    /// <summary>Reads up to an offset without handing the bytes out.</summary>
    public void SkipTo(long offset)
    {
        if (bundle.Compression is null)
        {
            source.Position = bundle.Offset + offset;
            Offset = offset;
            return;
        }

        var buffer = new byte[Math.Min(1 << 16, Math.Max(0, offset - Offset))];
        while (Offset < offset)
        {
            cancellation.ThrowIfCancellationRequested();
            ReadFully(buffer.AsSpan(0, (int)Math.Min(buffer.Length, offset - Offset)));
        }
    }

    public void ReadFully(Span<byte> buffer)
    {
        if (this.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false) < buffer.Length)
            throw new OffloadFormatException(bundle.Offset, "a bundle is shorter than it claims");
    }

    /// <summary>Reads a compressed bundle to its end and compares its length and hash with the header's.</summary>
    /// <exception cref="OffloadFormatException">They differ.</exception>
    public void Finish()
    {
        if (bundle.Compression is not { } header)
            return;
        SkipTo(Length);
        if (HasMore())
            throw new OffloadFormatException(bundle.Offset, $"a compressed bundle is longer than the {Length} bytes that it claims");
        if (zstd is not null && header.TotalBytes is { } total && header.HeaderBytes + zstd.Consumed != total)
        {
            throw new OffloadFormatException(
                bundle.Offset,
                $"a compressed bundle claims {total} bytes and has {header.HeaderBytes + zstd.Consumed}"
            );
        }

        if (HashOf(hash!) != header.Hash)
            throw new OffloadFormatException(bundle.Offset, "the hash of a compressed bundle is not that of its content");
    }

    /// <summary>The number that a compressed bundle's header holds.</summary>
    public static ulong HashOf(IncrementalHash md5) => System.Buffers.Binary.BinaryPrimitives.ReadUInt64LittleEndian(md5.GetHashAndReset());

    protected override void Dispose(bool disposing)
    {
        content.Dispose();
        hash?.Dispose();
        base.Dispose(disposing);
    }

    private bool HasMore()
    {
        try
        {
            return content.ReadByte() >= 0;
        }
        catch (Exception error) when (error is CompressionException or InvalidDataException)
        {
            throw new OffloadFormatException(bundle.Offset, $"a compressed bundle is broken: {error.Message}");
        }
    }

    /// <summary>The next bytes of a stream, and no more.</summary>
    private sealed class RangeStream(Stream source, long length) : ForwardStream
    {
        private readonly long end = source.Position + length;

        public override bool CanRead => true;

        public override int Read(Span<byte> buffer) =>
            source.Read(buffer[..(int)Math.Min(buffer.Length, Math.Max(0, end - source.Position))]);
    }
}
