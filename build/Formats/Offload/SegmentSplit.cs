using Gfxbake.Formats.Elf;

namespace Gfxbake.Formats.Offload;

/// <summary>
/// Takes bytes out of the middle of a PT_LOAD so that no address changes: the segment becomes two, and between them lies memory
/// that no byte of the file fills.
/// </summary>
/// <remarks>
/// One PT_LOAD for each bundle would load too, but GNU strip destroys such a file. The one more program header takes the place of a
/// PT_NOTE: the loader does not need it, and tools find the build id by its section. Else it takes that of a library's PT_PHDR, which
/// LLD writes and the loader does without; only a program finds its own address by it. Where there is neither, the table moves behind
/// the bundles; GNU strip destroys such a file.
/// </remarks>
internal sealed class SegmentSplit
{
    private const int Page = OffloadPlanner.Page;

    private readonly ElfLayout layout;
    private readonly SectionHeader code;
    private readonly int loadIndex;
    private readonly ulong tail;

    private SegmentSplit(ElfLayout layout, SectionHeader code, int loadIndex)
    {
        (this.layout, this.code, this.loadIndex) = (layout, code, loadIndex);
        tail = (code.Address + code.Length) & ~(Page - 1UL);
        OldTail = (long)(code.Offset + (tail - code.Address));
        Spare = NoteToReplace(layout) ?? TableToReplace(layout);
        var load = layout.ProgramHeaders[loadIndex];
        NeedsHeader = load.FileEnd > (ulong)OldTail;
        MovesTable = NeedsHeader && Spare is null;
        Room = (long)(tail - code.Address) - (MovesTable ? Page : 0);
    }

    /// <summary>Bytes that the bundles may take.</summary>
    public long Room { get; }

    /// <summary>Where in the old file the part starts that moves up: the page in which the bundles end.</summary>
    public long OldTail { get; }

    /// <summary>Whether the table of program headers gets a page of its own behind the bundles.</summary>
    public bool MovesTable { get; }

    /// <summary>The header in whose place the new one comes.</summary>
    private int? Spare { get; }

    /// <summary>Not where the file brings nothing behind the bundles, as in a file that was split already.</summary>
    private bool NeedsHeader { get; }

    /// <exception cref="OffloadRefusedException">The layout is none that can be split.</exception>
    public static SegmentSplit Of(FatBinary fat)
    {
        var (layout, code) = (fat.Layout, fat.Section);
        if (code.Address % Page != 0 || code.Offset % Page != 0)
            throw new OffloadRefusedException($"{code.Name} does not start at a page");
        var (start, end) = (code.Offset, code.Offset + code.Length);
        var load = layout
            .ProgramHeaders.ToList()
            .FindIndex(p => p.Type == ProgramHeader.Load && code.Address >= p.Address && code.Address - p.Address < p.FileSize);
        if (end > layout.ProgramHeaders[load].FileEnd || layout.ProgramHeaders[load].MemorySize < layout.ProgramHeaders[load].FileSize)
            throw new OffloadRefusedException($"no single PT_LOAD holds all of {code.Name}");
        var split = new SegmentSplit(layout, code, load);
        var inWay = layout
            .ProgramHeaders.Where((p, i) => i != load && p.FileSize > 0 && p.Offset < (ulong)split.OldTail && p.FileEnd > start)
            .FirstOrDefault();
        if (inWay is not null)
            throw new OffloadRefusedException($"a program header of type 0x{inWay.Type:x} lies over {code.Name}");
        var other = layout.SectionHeaders.FirstOrDefault(s =>
            !ReferenceEquals(s, code)
            && s.Type is not (0 or SectionHeader.NoBits)
            && (
                Overlaps(s.Offset, s.Length, start, end)
                || (s.Address != 0 && Overlaps(s.Address, s.Length, code.Address, code.Address + code.Length))
            )
        );
        if (other is not null)
            throw new OffloadRefusedException($"the section {other.Name} lies over {code.Name}");
        if (layout.ProgramTableOffset + (ulong)(layout.ProgramHeaders.Count * ProgramHeader.Size) > start)
            throw new OffloadRefusedException("the program headers do not stand before the GPU code");
        var sections = layout.SectionTableOffset;
        if (sections < end && sections + (ulong)(layout.SectionHeaders.Count * SectionHeader.Size) > start)
            throw new OffloadRefusedException($"the section headers lie over {code.Name}");
        if (fat.Wrappers.Any(w => IsIn(w.PointerOffset) || (w.AddendOffset is { } addend && IsIn(addend))))
            throw new OffloadRefusedException($"a pointer to the GPU code is patched inside {code.Name}");
        if (layout.Loads.Zip(layout.Loads.Skip(1)).Any(p => p.First.Address + p.First.MemorySize > p.Second.Address))
            throw new OffloadRefusedException("its PT_LOADs are not sorted by address, or lie over each other");
        if (split.MovesTable && (layout.ProgramHeaders.Count + 1) * ProgramHeader.Size > Page)
            throw new OffloadRefusedException("it has more program headers than fit into a page");
        return split;

        bool IsIn(long word) => Overlaps((ulong)word, 8, start, end);
    }

    /// <summary>The tables of the new file.</summary>
    /// <param name="packed">Bytes that the bundles take now: whole pages, at most Room.</param>
    public SplitLayout Apply(long packed)
    {
        var bytes = packed + (MovesTable ? Page : 0);
        var delta = OldTail - ((long)code.Offset + bytes);
        var table = MovesTable ? code.Offset + (ulong)packed : layout.ProgramTableOffset;
        var headers = new List<ProgramHeader>();
        for (var i = 0; i < layout.ProgramHeaders.Count; i++)
        {
            var header = layout.ProgramHeaders[i];
            if (i == loadIndex)
                headers.AddRange(Halves(header, (ulong)bytes));
            else if (!(NeedsHeader && i == Spare))
                headers.Add(Moved(header, delta));
        }

        if (MovesTable)
            headers = [.. headers.Select(h => h.Type == ProgramHeader.Table ? TableHeader(h, table, headers.Count) : h)];
        return new SplitLayout
        {
            Delta = delta,
            ProgramTableOffset = table,
            SectionTableOffset = (ulong)Shift((long)layout.SectionTableOffset, delta),
            ProgramHeaders = headers,
            SectionHeaders =
            [
                .. layout.SectionHeaders.Select(s =>
                    ReferenceEquals(s, code) ? s with { Length = (ulong)bytes } : s with { Offset = (ulong)Shift((long)s.Offset, delta) }
                ),
            ],
        };
    }

    /// <summary>Where a byte of the old file that stays is in the new one.</summary>
    public long Shift(long offset, long delta) => offset >= OldTail ? offset - delta : offset;

    // What wraps around the end lies over everything.
    private static bool Overlaps(ulong start, ulong length, ulong from, ulong to) =>
        length > 0 && (length > ulong.MaxValue - start || (start < to && start + length > from));

    private IEnumerable<ProgramHeader> Halves(ProgramHeader load, ulong bytes)
    {
        var before = code.Address - load.Address;
        yield return load with
        {
            FileSize = before + bytes,
            MemorySize = NeedsHeader ? tail - load.Address : load.MemorySize,
            Alignment = Page,
        };
        if (!NeedsHeader)
            yield break;
        yield return load with
        {
            Offset = code.Offset + bytes,
            Address = tail,
            PhysicalAddress = load.PhysicalAddress + (tail - load.Address),
            FileSize = load.FileEnd - (ulong)OldTail,
            MemorySize = load.Address + load.MemorySize - tail,
            Alignment = Page,
        };
    }

    // Offsets change by whole pages only, so a larger alignment would not hold any more.
    private ProgramHeader Moved(ProgramHeader header, long delta) =>
        header with
        {
            Offset = (ulong)Shift((long)header.Offset, delta),
            Alignment = header.Type == ProgramHeader.Load ? Page : header.Alignment,
        };

    private ProgramHeader TableHeader(ProgramHeader header, ulong offset, int count) =>
        header with
        {
            Offset = offset,
            Address = code.Address + (offset - code.Offset),
            PhysicalAddress = code.Address + (offset - code.Offset),
            FileSize = (ulong)(count * ProgramHeader.Size),
            MemorySize = (ulong)(count * ProgramHeader.Size),
        };

    // A note that PT_GNU_PROPERTY repeats is the one to miss least; the build id's is the next.
    private static int? NoteToReplace(ElfLayout layout)
    {
        var notes = Enumerable
            .Range(0, layout.ProgramHeaders.Count)
            .Where(i => layout.ProgramHeaders[i].Type == ProgramHeader.Note)
            .ToList();
        var properties = layout.ProgramHeaders.Where(p => p.Type == ProgramHeader.GnuProperty).Select(p => p.Offset).ToHashSet();
        var repeated = notes.FindIndex(i => properties.Contains(layout.ProgramHeaders[i].Offset));
        return repeated >= 0 ? notes[repeated]
            : notes.Count > 0 ? notes[^1]
            : null;
    }

    private static int? TableToReplace(ElfLayout layout)
    {
        if (layout.Type == ElfLayout.Executable || layout.Entry != 0)
            return null;
        var table = layout.ProgramHeaders.ToList().FindIndex(p => p.Type == ProgramHeader.Table);
        return table >= 0 ? table : null;
    }
}

/// <summary>Tables of a file out of which bytes were taken.</summary>
internal sealed record SplitLayout
{
    /// <summary>Bytes by which everything behind the bundles moves towards the file's start: whole pages.</summary>
    public required long Delta { get; init; }

    public required ulong ProgramTableOffset { get; init; }

    public required ulong SectionTableOffset { get; init; }

    public required IReadOnlyList<ProgramHeader> ProgramHeaders { get; init; }

    public required IReadOnlyList<SectionHeader> SectionHeaders { get; init; }
}
