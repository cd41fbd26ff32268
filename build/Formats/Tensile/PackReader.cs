using System.Buffers.Binary;
using System.Text;

namespace Gfxbake.Formats.Tensile;

internal enum PackKind
{
    /// <summary>A number, nil, bytes or an extension: nothing that is asked for here.</summary>
    Other,
    False,
    True,
    Text,

    /// <summary>Count items follow.</summary>
    List,

    /// <summary>Count pairs follow.</summary>
    Map,
    End,
}

/// <summary>One item of MessagePack.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Count">Items or pairs that follow.</param>
/// <param name="Text">A text that is short enough to be a name; null otherwise.</param>
internal readonly record struct PackItem(PackKind Kind, long Count = 0, string? Text = null);

/// <summary>Reads MessagePack item by item in a buffer of fixed size; a length counts after it was compared with what is left.</summary>
/// <remarks>github.com/msgpack/msgpack, spec.md. The library for it reads whole objects, and tables have tens of megabytes.</remarks>
internal sealed class PackReader(Stream stream)
{
    private const int BufferBytes = 1 << 16;
    private const int LongestText = 512;

    private readonly byte[] buffer = new byte[BufferBytes];
    private readonly long length = stream.Length;
    private int at;
    private int filled;
    private long before;

    public long Position => before + at;

    public PackItem Next()
    {
        if (Position >= length)
            return new(PackKind.End);
        var type = Take(1)[0];
        return type switch
        {
            < 0x80 or >= 0xe0 or 0xc0 => new(PackKind.Other),
            < 0x90 => new(PackKind.Map, Counted(type & 15, 2)),
            < 0xa0 => new(PackKind.List, Counted(type & 15, 1)),
            < 0xc0 => Text(type & 31),
            0xc2 => new(PackKind.False),
            0xc3 => new(PackKind.True),
            >= 0xc4 and <= 0xc6 => Skipped(Number(1 << (type - 0xc4))),
            >= 0xc7 and <= 0xc9 => Skipped(Number(1 << (type - 0xc7)) + 1),
            0xca => Skipped(4),
            0xcb => Skipped(8),
            >= 0xcc and <= 0xcf => Skipped(1 << (type - 0xcc)),
            >= 0xd0 and <= 0xd3 => Skipped(1 << (type - 0xd0)),
            >= 0xd4 and <= 0xd8 => Skipped((1 << (type - 0xd4)) + 1),
            >= 0xd9 and <= 0xdb => Text(Number(1 << (type - 0xd9))),
            0xdc or 0xdd => new(PackKind.List, Counted(Number(type == 0xdc ? 2 : 4), 1)),
            0xde or 0xdf => new(PackKind.Map, Counted(Number(type == 0xde ? 2 : 4), 2)),
            _ => throw new TensileFormatException(Position - 1, $"0x{type:x2} starts no item of MessagePack"),
        };
    }

    private PackItem Text(long bytes)
    {
        if (bytes > LongestText)
            return Skipped(bytes) with { Kind = PackKind.Text };
        return new(PackKind.Text, Text: Encoding.UTF8.GetString(Take((int)bytes)));
    }

    /// <summary>Each item that follows has a byte at least.</summary>
    private long Counted(long count, int each) =>
        count * each <= length - Position ? count : throw new TensileFormatException(Position, $"{count} items do not fit into the file");

    private PackItem Skipped(long bytes)
    {
        if (bytes > length - Position)
            throw TooShort();
        if (bytes <= filled - at)
        {
            at += (int)bytes;
        }
        else
        {
            before = Position + bytes;
            (at, filled) = (0, 0);
            stream.Position = before;
        }

        return new(PackKind.Other);
    }

    private long Number(int bytes)
    {
        var read = Take(bytes);
        return bytes switch
        {
            1 => read[0],
            2 => BinaryPrimitives.ReadUInt16BigEndian(read),
            _ => BinaryPrimitives.ReadUInt32BigEndian(read),
        };
    }

    private ReadOnlySpan<byte> Take(int bytes)
    {
        if (filled - at < bytes)
        {
            var rest = filled - at;
            buffer.AsSpan(at, rest).CopyTo(buffer);
            before += at;
            (at, filled) = (0, rest + stream.ReadAtLeast(buffer.AsSpan(rest), bytes - rest, throwOnEndOfStream: false));
            if (filled < bytes)
                throw TooShort();
        }

        at += bytes;
        return buffer.AsSpan(at - bytes, bytes);
    }

    private TensileFormatException TooShort() => new(Position, $"the file of {length} bytes ends in the middle of an item");
}
