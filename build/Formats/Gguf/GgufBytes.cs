using System.Buffers.Binary;
using System.Text;

namespace Gfxbake.Formats.Gguf;

/// <summary>Takes one value after another from a file whose length is known; nothing that a file says is believed before it fits.</summary>
internal sealed class GgufBytes(Stream stream, long length)
{
    private const int Longest = 1 << 12;
    private readonly byte[] scratch = new byte[8];

    public long Position { get; private set; }

    public long Left => length - Position;

    public byte UInt8() => Take(1)[0];

    public ushort UInt16() => BinaryPrimitives.ReadUInt16LittleEndian(Take(2));

    public uint UInt32() => BinaryPrimitives.ReadUInt32LittleEndian(Take(4));

    public ulong UInt64() => BinaryPrimitives.ReadUInt64LittleEndian(Take(8));

    /// <summary>A number of things, each of which takes some bytes at least.</summary>
    public long Count(string of, int least, long? most = null)
    {
        var count = UInt64();
        if (most is { } limit && count > (ulong)limit)
            throw Broken($"it has {count} {of}; {limit} at most are read");
        return count <= (ulong)(Left / least)
            ? (long)count
            : throw Broken($"{count} {of} do not fit into the {Left} bytes that are left: it is cut off or broken");
    }

    /// <summary>A text; null when it is too long to be kept.</summary>
    public string? Text()
    {
        var count = Count("bytes of a text", 1);
        if (count > Longest)
        {
            Skip(count);
            return null;
        }

        var bytes = new byte[count];
        Fill(bytes);
        return Encoding.UTF8.GetString(bytes);
    }

    /// <param name="count">At most what is left.</param>
    public void Skip(long count)
    {
        Position += count;
        stream.Position = Position;
    }

    public GgufFormatException Broken(string problem) => new($"{problem} (at byte {Position})");

    private ReadOnlySpan<byte> Take(int count)
    {
        if (Left < count)
            throw Broken($"it is cut off: {count} more bytes are needed and {Left} are there");
        Fill(scratch.AsSpan(0, count));
        return scratch.AsSpan(0, count);
    }

    private void Fill(Span<byte> bytes)
    {
        // The file may have become shorter since it was opened.
        if (stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false) < bytes.Length)
            throw Broken("it is cut off");
        Position += bytes.Length;
    }
}
