namespace Gfxbake.Formats.Elf;

/// <summary>PT_DYNAMIC as the loader reads it: tags with their values, and the tables that they give by address.</summary>
internal sealed class DynamicTable
{
    private const int EntrySize = 16,
        MostBytes = 1 << 20;

    private readonly ElfBytes bytes;
    private readonly IReadOnlyList<ElfSegment> segments;
    private (long Start, long End)? strings;

    private DynamicTable(ElfBytes bytes, IReadOnlyList<ElfSegment> segments, List<(ulong Tag, ulong Value, long At)> entries) =>
        (this.bytes, this.segments, Entries) = (bytes, segments, entries);

    /// <summary>In file order, up to DT_NULL; At is where each stands in the file.</summary>
    public IReadOnlyList<(ulong Tag, ulong Value, long At)> Entries { get; }

    /// <summary>Null when the file has none.</summary>
    public static DynamicTable? Read(ElfBytes bytes, IReadOnlyList<ElfSegment> segments)
    {
        var segment = segments.FirstOrDefault(s => s.Type == ElfSegment.Dynamic);
        if (segment is null || segment.FileSize == 0)
            return null;

        var table = bytes.Read((ulong)segment.Offset, (ulong)segment.FileSize, MostBytes, "the dynamic table");
        var entries = new List<(ulong Tag, ulong Value, long At)>();
        for (var at = 0; at + EntrySize <= table.Length && ElfBytes.U64(table, at) != 0; at += EntrySize)
            entries.Add((ElfBytes.U64(table, at), ElfBytes.U64(table, at + 8), segment.Offset + at));

        return new DynamicTable(bytes, segments, entries);
    }

    /// <summary>The first entry of a tag; null when there is none.</summary>
    public (ulong Value, long At)? Find(ulong tag)
    {
        foreach (var (found, value, at) in Entries)
        {
            if (found == tag)
                return (value, at);
        }

        return null;
    }

    /// <summary>Where the bytes at an address stand in the file, up to the end of their PT_LOAD.</summary>
    /// <param name="address">The address.</param>
    /// <param name="at">Where the address stands in the file, for messages.</param>
    /// <param name="what">What lies there, for messages.</param>
    public (long Start, long End) RangeOf(ulong address, long at, string what)
    {
        var load =
            segments.FirstOrDefault(s =>
                s.Type == ElfSegment.Load && address >= s.VirtualAddress && address - s.VirtualAddress < (ulong)s.FileSize
            ) ?? throw new ElfFormatException(at, $"no PT_LOAD holds {what}", address);
        return (load.Offset + (long)(address - load.VirtualAddress), load.Offset + load.FileSize);
    }

    /// <summary>A string of the dynamic string table, which is found by its address as the loader finds it.</summary>
    public string String(ulong index, long at)
    {
        var (start, end) = Strings(at);
        return index < (ulong)(end - start)
            ? bytes.ReadString(start + (long)index, end, "a string of the dynamic table")
            : throw new ElfFormatException(at, "a string index lies outside the dynamic string table", index);
    }

    /// <summary>Where the dynamic string table stands.</summary>
    public (long Start, long End) Strings(long at)
    {
        if (strings is { } known)
            return known;

        var (address, addressAt) = Find(5) ?? throw new ElfFormatException(at, "the dynamic table has strings but no DT_STRTAB", 0);
        var (start, end) = RangeOf(address, addressAt, "the dynamic string table");
        var size = Find(10)?.Value ?? ulong.MaxValue;
        strings = (start, start + (long)Math.Min(size, (ulong)(end - start)));
        return strings.Value;
    }
}
