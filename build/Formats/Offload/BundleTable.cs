using System.Buffers.Binary;
using System.Text;

namespace Gfxbake.Formats.Offload;

/// <summary>The table at the start of an uncompressed offload bundle: which code objects it holds and where.</summary>
/// <remarks>
/// Format: clang's ClangOffloadBundler documentation. 24 bytes "__CLANG_OFFLOAD_BUNDLE__", u64 count, then for each entry
/// u64 offset, u64 size, u64 length of the id, the id. All numbers little-endian.
/// </remarks>
internal static class BundleTable
{
    public const int FixedBytes = 32,
        FixedEntryBytes = 24;

    private const int MostEntries = 1024,
        LongestId = 256;

    public static ReadOnlySpan<byte> Magic => "__CLANG_OFFLOAD_BUNDLE__"u8;

    /// <summary>Reads the table and nothing beyond it.</summary>
    /// <param name="stream">Stands at the bundle's start.</param>
    /// <param name="length">Bytes that the bundle may have at most.</param>
    /// <param name="at">Where the bundle stands in the file, for messages.</param>
    /// <exception cref="OffloadFormatException">No bundle, or entries that lie outside of it or over each other.</exception>
    public static (IReadOnlyList<BundleEntry> Entries, int TableBytes) Read(Stream stream, long length, long at)
    {
        Span<byte> head = stackalloc byte[FixedBytes];
        Fill(stream, head, at);
        if (!head.StartsWith(Magic))
            throw new OffloadFormatException(at, "a bundle has an unknown magic");
        var count = BinaryPrimitives.ReadUInt64LittleEndian(head[24..]);
        if (count is 0 or > MostEntries)
            throw new OffloadFormatException(at + 24, $"a bundle claims {count} entries; 1 to {MostEntries} are sensible");
        var entries = new List<BundleEntry>((int)count);
        var bytes = FixedBytes;
        for (ulong i = 0; i < count; i++)
            entries.Add(ReadEntry(stream, length, at, ref bytes));
        Check(entries, bytes, at);
        return (entries, bytes);
    }

    /// <summary>Bytes of a table with these ids.</summary>
    public static int SizeOf(IEnumerable<BundleEntry> entries) =>
        FixedBytes + entries.Sum(e => FixedEntryBytes + Encoding.ASCII.GetByteCount(e.Id));

    public static byte[] Write(IReadOnlyCollection<BundleEntry> entries)
    {
        var table = new byte[SizeOf(entries)];
        Magic.CopyTo(table);
        BinaryPrimitives.WriteUInt64LittleEndian(table.AsSpan(24), (ulong)entries.Count);
        var at = FixedBytes;
        foreach (var entry in entries)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(table.AsSpan(at), (ulong)entry.Offset);
            BinaryPrimitives.WriteUInt64LittleEndian(table.AsSpan(at + 8), (ulong)entry.Size);
            BinaryPrimitives.WriteUInt64LittleEndian(table.AsSpan(at + 16), (ulong)entry.Id.Length);
            at += FixedEntryBytes + Encoding.ASCII.GetBytes(entry.Id, table.AsSpan(at + FixedEntryBytes));
        }

        return table;
    }

    private static BundleEntry ReadEntry(Stream stream, long length, long at, ref int bytes)
    {
        Span<byte> row = stackalloc byte[FixedEntryBytes];
        Fill(stream, row, at + bytes);
        var (offset, size) = (BinaryPrimitives.ReadUInt64LittleEndian(row), BinaryPrimitives.ReadUInt64LittleEndian(row[8..]));
        var idLength = BinaryPrimitives.ReadUInt64LittleEndian(row[16..]);
        if (idLength is 0 or > LongestId)
        {
            throw new OffloadFormatException(
                at + bytes + 16,
                $"the id of a bundle's entry claims {idLength} bytes; 1 to {LongestId} are sensible"
            );
        }

        Span<byte> text = stackalloc byte[(int)idLength];
        Fill(stream, text, at + bytes + FixedEntryBytes);
        if (text.ContainsAnyExceptInRange((byte)'!', (byte)'~'))
        {
            throw new OffloadFormatException(
                at + bytes + FixedEntryBytes,
                "the id of a bundle's entry holds other characters than printable ASCII"
            );
        }

        if (offset > (ulong)length || size > (ulong)length - offset)
        {
            throw new OffloadFormatException(
                at + bytes,
                $"an entry of a bundle claims {size} bytes from byte {offset} on, and the bundle has {length}"
            );
        }

        bytes += FixedEntryBytes + (int)idLength;
        return new BundleEntry(Encoding.ASCII.GetString(text), (long)offset, (long)size);
    }

    private static void Check(List<BundleEntry> entries, int tableBytes, long at)
    {
        if (entries.Select(e => e.Id).Distinct(StringComparer.Ordinal).Count() < entries.Count)
            throw new OffloadFormatException(at, "a bundle has two entries of the same id");
        var end = (long)tableBytes;
        foreach (var entry in entries.Where(e => e.Size > 0).OrderBy(e => e.Offset))
        {
            if (entry.Offset < end)
                throw new OffloadFormatException(at, $"the entry {entry.Id} of a bundle lies over another or over the table");
            end = entry.Offset + entry.Size;
        }
    }

    private static void Fill(Stream stream, Span<byte> buffer, long at)
    {
        if (stream.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false) < buffer.Length)
            throw new OffloadFormatException(at, "a bundle ends inside its table");
    }
}
