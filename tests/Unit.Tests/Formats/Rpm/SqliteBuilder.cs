using System.Buffers.Binary;
using System.Text;

namespace Gfxbake.Unit.Tests.Formats.Rpm;

/// <summary>Makes an SQLite database with rpm's one table, as sqlite.org/fileformat2 describes it.</summary>
internal sealed class SqliteBuilder
{
    private readonly int size;
    private readonly List<byte[]> pages = [];

    private SqliteBuilder(int pageSize) => size = pageSize;

    public static byte[] Build(IEnumerable<byte[]> blobs, int pageSize = 4096, string table = "Packages")
    {
        var builder = new SqliteBuilder(pageSize);
        var schema = builder.NewPage();
        var root = builder.NewPage();
        builder.WriteTree(root, [.. blobs.Select((blob, i) => builder.Cell(i + 1, Row([], blob)))]);
        var sql = Encoding.UTF8.GetBytes($"CREATE TABLE '{table}' (hnum INTEGER PRIMARY KEY AUTOINCREMENT,blob BLOB NOT NULL)");
        byte[] row = Row("table"u8.ToArray(), Encoding.UTF8.GetBytes(table), Encoding.UTF8.GetBytes(table), [2], sql);
        WritePage(schema, 100, 13, [builder.Cell(1, row)], 0);
        "SQLite format 3\0"u8.CopyTo(schema);
        BinaryPrimitives.WriteUInt16BigEndian(schema.AsSpan(16), (ushort)(pageSize == 65536 ? 1 : pageSize));
        (schema[18], schema[19], schema[59]) = (2, 2, 1);
        return [.. builder.pages.SelectMany(p => p)];
    }

    private byte[] NewPage()
    {
        pages.Add(new byte[size]);
        return pages[^1];
    }

    /// <summary>Leaves below as many levels of inner pages as there must be; the top one lies in the page that the schema names.</summary>
    private void WriteTree(byte[] root, IReadOnlyList<byte[]> cells)
    {
        var (kind, level) = ((byte)13, cells);
        while (true)
        {
            var groups = Groups(level, kind);
            if (groups.Count == 1)
            {
                Write(root, groups[0], kind);
                return;
            }

            var parents = new List<byte[]>();
            foreach (var group in groups)
            {
                Write(NewPage(), group, kind);
                // The key is of no use to whoever reads all.
                parents.Add([.. Number((uint)pages.Count), 1]);
            }

            (kind, level) = (5, parents);
        }
    }

    private List<List<byte[]>> Groups(IReadOnlyList<byte[]> cells, byte kind)
    {
        var groups = new List<List<byte[]>> { new() };
        var free = size - 12;
        foreach (var cell in cells)
        {
            if (groups[^1].Count > 0 && free < cell.Length + 2)
            {
                groups.Add([]);
                free = size - 12;
            }

            groups[^1].Add(cell);
            free -= cell.Length + 2;
        }

        return groups;
    }

    private static void Write(byte[] page, List<byte[]> cells, byte kind)
    {
        if (kind == 13)
            WritePage(page, 0, kind, cells, 0);
        else
            WritePage(page, 0, kind, cells[..^1], BinaryPrimitives.ReadUInt32BigEndian(cells[^1]));
    }

    private static void WritePage(byte[] page, int start, byte kind, List<byte[]> cells, uint right)
    {
        page[start] = kind;
        BinaryPrimitives.WriteUInt16BigEndian(page.AsSpan(start + 3), (ushort)cells.Count);
        if (kind == 5)
            BinaryPrimitives.WriteUInt32BigEndian(page.AsSpan(start + 8), right);
        var (pointer, end) = (start + (kind == 5 ? 12 : 8), page.Length);
        foreach (var cell in cells)
        {
            end -= cell.Length;
            cell.CopyTo(page, end);
            BinaryPrimitives.WriteUInt16BigEndian(page.AsSpan(pointer), (ushort)end);
            pointer += 2;
        }
    }

    private byte[] Cell(int number, byte[] row)
    {
        var (most, least) = (size - 35, (size - 12) * 32 / 255 - 23);
        var here = row.Length;
        if (here > most)
            here = least + (row.Length - least) % (size - 4) is var fit && fit <= most ? fit : least;
        byte[] start = [.. Varint(row.Length), .. Varint(number), .. row[..here]];
        return here == row.Length ? start : [.. start, .. Number(Overflow(row[here..]))];
    }

    private uint Overflow(byte[] rest)
    {
        var page = NewPage();
        var number = (uint)pages.Count;
        var part = Math.Min(rest.Length, size - 4);
        rest.AsSpan(0, part).CopyTo(page.AsSpan(4));
        if (part < rest.Length)
            BinaryPrimitives.WriteUInt32BigEndian(page, Overflow(rest[part..]));
        return number;
    }

    /// <summary>An empty column is NULL, one of a byte a number; of the rest the last is a blob where there are two, else text.</summary>
    private static byte[] Row(params byte[][] columns)
    {
        byte[] types =
        [
            .. columns.SelectMany(c =>
                Varint(
                    c.Length == 0 ? 0
                    : c.Length == 1 ? 1
                    : columns.Length == 2 ? 12 + 2 * c.Length
                    : 13 + 2 * c.Length
                )
            ),
        ];
        var header = types.Length + 1 < 128 ? types.Length + 1 : throw new ArgumentException("too many columns");
        return [(byte)header, .. types, .. columns.SelectMany(c => c)];
    }

    private static byte[] Number(uint number)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, number);
        return bytes;
    }

    private static byte[] Varint(long number)
    {
        var bytes = new List<byte> { (byte)(number & 0x7f) };
        while ((number >>= 7) > 0)
            bytes.Insert(0, (byte)(number & 0x7f | 0x80));
        return [.. bytes];
    }
}
