using System.Buffers.Binary;
using System.Text;

namespace Gfxbake.Formats.Elf;

/// <summary>Bounds-checked random access to a file: no length field is believed before it was compared with the file's size.</summary>
internal sealed class ElfBytes(Stream stream)
{
    public long Length { get; } = stream.Length;

    public byte[] Read(ulong offset, ulong count, ulong most, string what)
    {
        if (count > most)
            throw new ElfFormatException(ClampedOffset(offset), $"{what} is longer than the {most} bytes that are sensible", count);

        var buffer = new byte[Check(offset, count, what)];
        stream.Position = (long)offset;
        stream.ReadExactly(buffer);
        return buffer;
    }

    public int ReadSome(long offset, Span<byte> buffer)
    {
        stream.Position = offset;
        return stream.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
    }

    /// <summary>A NUL-terminated string that starts at offset and ends before limit.</summary>
    public string ReadString(long offset, long limit, string what)
    {
        Span<byte> buffer = stackalloc byte[256];
        var text = new MemoryStream();
        for (var at = offset; at < limit && text.Length < LongestString; at += buffer.Length)
        {
            var chunk = buffer[..(int)Math.Min(buffer.Length, limit - at)];
            chunk = chunk[..ReadSome(at, chunk)];
            var end = chunk.IndexOf((byte)0);
            if (end >= 0)
            {
                text.Write(chunk[..end]);
                return Encoding.UTF8.GetString(text.GetBuffer().AsSpan(0, (int)text.Length));
            }

            text.Write(chunk);
        }

        throw new ElfFormatException(offset, $"{what} has no terminating NUL", (ulong)offset);
    }

    public static ushort U16(ReadOnlySpan<byte> data, int at, bool bigEndian = false) =>
        bigEndian ? BinaryPrimitives.ReadUInt16BigEndian(data[at..]) : BinaryPrimitives.ReadUInt16LittleEndian(data[at..]);

    public static uint U32(ReadOnlySpan<byte> data, int at) => BinaryPrimitives.ReadUInt32LittleEndian(data[at..]);

    public static ulong U64(ReadOnlySpan<byte> data, int at) => BinaryPrimitives.ReadUInt64LittleEndian(data[at..]);

    private const int LongestString = 4096; // PATH_MAX; an RPATH longer than that is no path either

    private long Check(ulong offset, ulong count, string what) =>
        offset <= (ulong)Length && count <= (ulong)Length - offset
            ? (long)count
            : throw new ElfFormatException(ClampedOffset(offset), $"{what} lies outside the file of {Length} bytes", offset);

    private static long ClampedOffset(ulong offset) => (long)Math.Min(offset, long.MaxValue);
}
