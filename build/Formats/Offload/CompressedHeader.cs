using System.Buffers.Binary;

namespace Gfxbake.Formats.Offload;

public enum BundleMethod
{
    Zlib = 0,
    Zstd = 1,
}

/// <summary>The header of a compressed offload bundle.</summary>
/// <remarks>
/// Format: clang's OffloadBundler.cpp, CompressedOffloadBundle. "CCOB", u16 version, u16 method, then version 1: u32 uncompressed
/// size, u64 hash; version 2: u32 total size, u32 uncompressed size, u64 hash; version 3: the same in u64. The hash is the low half
/// of the MD5 of the uncompressed bundle. The total counts this header.
/// </remarks>
/// <param name="Version">1, 2 or 3.</param>
/// <param name="Method">How the bundle is compressed.</param>
/// <param name="TotalBytes">Length of header and compressed data; null in version 1, which does not tell.</param>
/// <param name="UncompressedBytes">Length of the bundle once it is unpacked.</param>
/// <param name="Hash">Of the uncompressed bundle.</param>
public sealed record CompressedHeader(int Version, BundleMethod Method, long? TotalBytes, long UncompressedBytes, ulong Hash)
{
    public const int LongestBytes = 32;

    /// <summary>More than any bundle has (rocSOLVER's largest: 0.5 GB): a claim beyond it is no reason to unpack that much.</summary>
    private const ulong MostBytes = 16UL << 30;

    public static ReadOnlySpan<byte> Magic => "CCOB"u8;

    public int HeaderBytes => BytesOf(Version);

    /// <param name="head">At least the header's bytes, where the file has that many.</param>
    /// <param name="slot">Bytes from the header's start to the next bundle.</param>
    /// <param name="at">Where the header stands in the file, for messages.</param>
    /// <exception cref="OffloadFormatException">An unknown version or method, or sizes that don't fit.</exception>
    public static CompressedHeader Read(ReadOnlySpan<byte> head, long slot, long at)
    {
        if (head.Length < 8)
            throw new OffloadFormatException(at, "a compressed bundle ends inside its header");
        int version = BinaryPrimitives.ReadUInt16LittleEndian(head[4..]),
            method = BinaryPrimitives.ReadUInt16LittleEndian(head[6..]);
        if (version is < 1 or > 3)
            throw new OffloadFormatException(at + 4, $"a compressed bundle has version {version}; 1, 2 and 3 are known");
        if (method is not (0 or 1))
            throw new OffloadFormatException(at + 6, $"a compressed bundle has method {method}; 0 (zlib) and 1 (zstd) are known");
        var bytes = BytesOf(version);
        if (head.Length < bytes || slot < bytes)
            throw new OffloadFormatException(at, "a compressed bundle ends inside its header");
        var (total, uncompressed) = version switch
        {
            1 => (null, BinaryPrimitives.ReadUInt32LittleEndian(head[8..])),
            2 => (BinaryPrimitives.ReadUInt32LittleEndian(head[8..]), BinaryPrimitives.ReadUInt32LittleEndian(head[12..])),
            _ => ((ulong?)BinaryPrimitives.ReadUInt64LittleEndian(head[8..]), BinaryPrimitives.ReadUInt64LittleEndian(head[16..])),
        };
        if (total is { } claimed && (claimed < (ulong)bytes || claimed > (ulong)slot))
            throw new OffloadFormatException(at + 8, $"a compressed bundle claims {claimed} bytes; it has room for {slot}");
        if (uncompressed is < BundleTable.FixedBytes or > MostBytes)
        {
            throw new OffloadFormatException(
                at + 8,
                $"a compressed bundle claims {uncompressed} bytes unpacked; {BundleTable.FixedBytes} to {MostBytes} are sensible"
            );
        }

        return new CompressedHeader(
            version,
            (BundleMethod)method,
            (long?)total,
            (long)uncompressed,
            BinaryPrimitives.ReadUInt64LittleEndian(head[(bytes - 8)..])
        );
    }

    public byte[] Write()
    {
        var head = new byte[HeaderBytes];
        Magic.CopyTo(head);
        BinaryPrimitives.WriteUInt16LittleEndian(head.AsSpan(4), (ushort)Version);
        BinaryPrimitives.WriteUInt16LittleEndian(head.AsSpan(6), (ushort)Method);
        var body = head.AsSpan(8);
        switch (Version)
        {
            case 1:
                BinaryPrimitives.WriteUInt32LittleEndian(body, checked((uint)UncompressedBytes));
                break;
            case 2:
                BinaryPrimitives.WriteUInt32LittleEndian(body, checked((uint)TotalBytes!.Value));
                BinaryPrimitives.WriteUInt32LittleEndian(body[4..], checked((uint)UncompressedBytes));
                break;
            default:
                BinaryPrimitives.WriteUInt64LittleEndian(body, (ulong)TotalBytes!.Value);
                BinaryPrimitives.WriteUInt64LittleEndian(body[8..], (ulong)UncompressedBytes);
                break;
        }

        BinaryPrimitives.WriteUInt64LittleEndian(head.AsSpan(head.Length - 8), Hash);
        return head;
    }

    private static int BytesOf(int version) =>
        version switch
        {
            1 => 20,
            2 => 24,
            _ => LongestBytes,
        };
}
