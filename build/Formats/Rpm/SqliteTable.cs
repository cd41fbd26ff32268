using System.Buffers.Binary;
using System.Text;

namespace Gfxbake.Formats.Rpm;

/// <summary>Reads the rows of one table of an SQLite database, and nothing else that a database may have.</summary>
/// <remarks>
/// Format: sqlite.org/fileformat2. A table is a b-tree of pages; its leaves hold the rows, and what is too long for a leaf goes on in
/// overflow pages. No page is read twice, and the rows together are no longer than the file, so a hostile one ends as soon as a good one.
/// All faults are a <see cref="FormatException"/>.
/// </remarks>
internal sealed class SqliteTable
{
    private const int HeaderBytes = 100;

    // Headers of a hundred thousand files are shorter.
    private const int MaxRow = 64 << 20;
    private const int Leaf = 13,
        Inner = 5;

    private static readonly byte[] Magic = Encoding.ASCII.GetBytes("SQLite format 3\0");

    private readonly Stream file;
    private readonly int pageSize;
    private readonly int usable;
    private readonly long pages;
    private readonly HashSet<uint> seen = [];
    private long left;

    private SqliteTable(Stream file)
    {
        this.file = file;
        var header = new byte[HeaderBytes];
        file.Position = 0;
        if (file.ReadAtLeast(header, HeaderBytes, throwOnEndOfStream: false) < HeaderBytes || !header.AsSpan().StartsWith(Magic))
            throw new FormatException("it is no SQLite 3 database");
        pageSize = BinaryPrimitives.ReadUInt16BigEndian(header.AsSpan(16)) is var size and not 1 ? size : 1 << 16;
        usable = pageSize - header[20];
        if (pageSize < 512 || !int.IsPow2(pageSize) || usable < 480)
            throw new FormatException($"its pages are {pageSize} bytes long, of which {header[20]} are reserved");
        // 1 and 2: with a journal, and with a write-ahead log.
        if (header[19] > 2)
            throw new FormatException($"it is of version {header[19]}, and only 1 and 2 can be read");
        if (BinaryPrimitives.ReadUInt32BigEndian(header.AsSpan(56)) is var encoding and not (0 or 1))
            throw new FormatException($"its text encoding is {encoding}, not 1 (UTF-8)");
        pages = file.Length / pageSize;
        left = file.Length;
    }

    /// <summary>The blobs of a column, by row. They are made one by one, so a caller that keeps none needs little memory.</summary>
    public static IEnumerable<byte[]> Blobs(Stream file, string table, int column)
    {
        var root = new SqliteTable(file).Root(table);
        // Each walk counts its own pages: the first page may be the root of the schema only.
        return new SqliteTable(file).Rows(root).Select(row => Blob(row, column));
    }

    private static byte[] Blob(byte[] row, int column)
    {
        var (type, bytes) = Column(row, column);
        return type >= 12 && type % 2 == 0
            ? row[bytes]
            : throw new FormatException($"a row has no blob in column {column + 1}, but type {type}");
    }

    // The schema's columns: type, name, table, root page, SQL.
    private uint Root(string table)
    {
        foreach (var row in Rows(1))
        {
            if (Text(row, 0) != "table" || Text(row, 1) != table)
                continue;
            var (type, bytes) = Column(row, 3);
            var number =
                type == 9 ? 1
                : type is >= 1 and <= 4 ? Number(row.AsSpan(bytes))
                : 0;
            return number > 1 && number <= pages
                ? (uint)number
                : throw new FormatException($"its table {table} starts at page {number} of {pages}");
        }

        throw new FormatException($"it has no table {table}");
    }

    private IEnumerable<byte[]> Rows(uint root)
    {
        var open = new Stack<uint>();
        Push(root);
        while (open.TryPop(out var number))
        {
            var page = Page(number);
            // Before the first page's b-tree stands the file's header.
            var start = number == 1 ? HeaderBytes : 0;
            var (kind, cells) = (page[start], BinaryPrimitives.ReadUInt16BigEndian(page.AsSpan(start + 3)));
            if (kind is not (Leaf or Inner))
                throw new FormatException($"page {number} is no page of a table");
            var pointers = start + (kind == Leaf ? 8 : 12);
            if (pointers + 2 * cells > usable)
                throw new FormatException($"page {number} has {cells} cells, more than fit");
            if (kind == Inner)
                Push(BinaryPrimitives.ReadUInt32BigEndian(page.AsSpan(start + 8)));
            for (var i = 0; i < cells; i++)
            {
                // The last first: the stack turns the order round.
                var at = BinaryPrimitives.ReadUInt16BigEndian(page.AsSpan(pointers + 2 * (kind == Leaf ? i : cells - 1 - i)));
                if (at + 4 > usable)
                    throw new FormatException($"page {number} has a cell at {at}");
                if (kind == Leaf)
                    yield return Payload(page, number, at);
                else
                    Push(BinaryPrimitives.ReadUInt32BigEndian(page.AsSpan(at)));
            }
        }

        void Push(uint number)
        {
            Visit(number);
            open.Push(number);
        }
    }

    private byte[] Payload(byte[] page, uint number, int at)
    {
        var cell = page.AsSpan(0, usable)[at..];
        var length = Varint(ref cell);
        _ = Varint(ref cell); // the row's number
        if (length < 0 || length > Math.Min(left, MaxRow))
            throw new FormatException($"page {number} has a row of {length} bytes, where at most {Math.Min(left, MaxRow)} can be");
        left -= length;
        var row = new byte[length];
        // The format's U, X, M and K.
        var most = usable - 35;
        var least = (usable - 12) * 32 / 255 - 23;
        var fit = least + (length - least) % (usable - 4);
        var here = (int)(
            length <= most ? length
            : fit <= most ? fit
            : least
        );
        if (cell.Length < here + (here < length ? 4 : 0))
            throw new FormatException($"page {number} ends inside a row");
        cell[..here].CopyTo(row);
        if (here < length)
            Overflow(BinaryPrimitives.ReadUInt32BigEndian(cell[here..]), row.AsSpan(here));
        return row;
    }

    private void Overflow(uint next, Span<byte> rest)
    {
        while (rest.Length > 0)
        {
            Visit(next);
            var page = Page(next);
            var part = page.AsSpan(4, Math.Min(rest.Length, usable - 4));
            part.CopyTo(rest);
            rest = rest[part.Length..];
            next = BinaryPrimitives.ReadUInt32BigEndian(page);
        }
    }

    private void Visit(uint number)
    {
        if (number == 0 || number > pages)
            throw new FormatException($"it speaks of page {number}, and has {pages}");
        if (!seen.Add(number))
            throw new FormatException($"its page {number} is used twice");
    }

    private byte[] Page(uint number)
    {
        var page = new byte[pageSize];
        file.Position = (number - 1L) * pageSize;
        file.ReadExactly(page);
        return page;
    }

    private static string? Text(byte[] row, int column)
    {
        var (type, bytes) = Column(row, column);
        return type >= 13 && type % 2 == 1 ? Encoding.UTF8.GetString(row[bytes]) : null;
    }

    /// <summary>Type and place of a column: a record starts with the types of all, and the values follow.</summary>
    private static (long Type, Range Bytes) Column(byte[] row, int column)
    {
        ReadOnlySpan<byte> header = row;
        var length = Varint(ref header);
        var used = row.Length - header.Length;
        if (length < used || length > row.Length)
            throw new FormatException($"a row's header is {length} bytes long");
        header = header[..(int)(length - used)];
        var start = length;
        for (var i = 0; ; i++)
        {
            var type = Varint(ref header);
            var size = type switch
            {
                >= 12 => (type - 12) / 2,
                >= 0 and <= 4 => type,
                5 => 6,
                6 or 7 => 8,
                8 or 9 => 0,
                _ => throw new FormatException($"a row has a column of type {type}"),
            };
            if (size > row.Length - start)
                throw new FormatException("a row ends inside a column");
            if (i == column)
                return (type, (int)start..(int)(start + size));
            start += size;
        }
    }

    private static long Number(ReadOnlySpan<byte> bytes)
    {
        var number = 0L;
        foreach (var b in bytes)
            number = (number << 8) | b;
        return number;
    }

    /// <summary>At most nine bytes, of seven bits each but for the ninth.</summary>
    private static long Varint(ref ReadOnlySpan<byte> bytes)
    {
        var number = 0L;
        for (var i = 0; i < bytes.Length; i++)
        {
            if (i == 8)
            {
                number = (number << 8) | bytes[i];
                bytes = bytes[9..];
                return number;
            }

            number = (number << 7) | (bytes[i] & 0x7fL);
            if (bytes[i] < 0x80)
            {
                bytes = bytes[(i + 1)..];
                return number;
            }
        }

        throw new FormatException("a number does not end");
    }

    private static long Varint(ref Span<byte> bytes)
    {
        ReadOnlySpan<byte> read = bytes;
        var number = Varint(ref read);
        bytes = bytes[(bytes.Length - read.Length)..];
        return number;
    }
}
