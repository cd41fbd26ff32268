using System.Buffers.Binary;

namespace Gfxbake.Formats.Tar;

/// <summary>One 512-byte header block of a tar: V7, ustar or GNU (POSIX.1-2017, pax, "ustar Interchange Format").</summary>
internal readonly ref struct TarHeader(ReadOnlySpan<byte> block)
{
    public const int BlockSize = 512;

    private readonly ReadOnlySpan<byte> block = block;

    public byte TypeFlag => block[156];

    public ReadOnlySpan<byte> Name => Text(0, 100);

    public ReadOnlySpan<byte> LinkName => Text(157, 100);

    // GNU's magic is "ustar  \0"; its headers keep times where ustar has the prefix.
    public ReadOnlySpan<byte> Prefix => block[257..263].SequenceEqual("ustar\0"u8) ? Text(345, 155) : default;

    public ReadOnlySpan<byte> Mode => block.Slice(100, 8);

    public ReadOnlySpan<byte> Uid => block.Slice(108, 8);

    public ReadOnlySpan<byte> Gid => block.Slice(116, 8);

    public ReadOnlySpan<byte> Size => block.Slice(124, 12);

    public ReadOnlySpan<byte> MTime => block.Slice(136, 12);

    public ReadOnlySpan<byte> DeviceMajor => block.Slice(329, 8);

    public ReadOnlySpan<byte> DeviceMinor => block.Slice(337, 8);

    public bool IsZero => !block.ContainsAnyExcept((byte)0);

    public bool ChecksumMatches => TryNumber(block.Slice(148, 8), out var written) && written == Checksum(block);

    /// <summary>Sum of the block's bytes, its checksum field taken as spaces.</summary>
    public static long Checksum(ReadOnlySpan<byte> block)
    {
        long sum = 8 * ' ';
        foreach (var b in block[..148])
            sum += b;

        foreach (var b in block[156..])
            sum += b;

        return sum;
    }

    /// <summary>Reads octal digits, or GNU's base 256 where the top bit of the first byte is set.</summary>
    public static bool TryNumber(ReadOnlySpan<byte> field, out long value)
    {
        if ((field[0] & 0x80) != 0)
            return TryBase256(field, out value);

        value = 0;
        foreach (var digit in field.TrimStart(" "u8).TrimEnd(" \0"u8))
        {
            if (digit is < (byte)'0' or > (byte)'7')
            {
                return false;
            }

            value = (value << 3) | (long)(digit - '0');
        }

        return true;
    }

    private static bool TryBase256(ReadOnlySpan<byte> field, out long value)
    {
        value = BinaryPrimitives.ReadInt64BigEndian(field[^8..]);
        if (field.Length == 8)
        {
            // Bit 7 only marks the encoding; bit 6 is the sign.
            value = (value << 1) >> 1;
            return true;
        }

        var negative = (field[0] & 0x40) != 0;
        var filler = negative ? (byte)0xff : (byte)0;
        return field[0] == (negative ? 0xff : 0x80) && !field[1..^8].ContainsAnyExcept(filler) && value < 0 == negative;
    }

    private ReadOnlySpan<byte> Text(int start, int length)
    {
        var field = block.Slice(start, length);
        var end = field.IndexOf((byte)0);
        return end < 0 ? field : field[..end];
    }
}
