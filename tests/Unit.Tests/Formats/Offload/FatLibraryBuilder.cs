using System.Text;

namespace Gfxbake.Unit.Tests.Formats.Offload;

public enum Pointers
{
    /// <summary>DT_RELA; the word itself is 0, as lld leaves it.</summary>
    Rela,

    /// <summary>DT_RELA; the word holds the address too, as GNU ld does it.</summary>
    RelaAndInPlace,

    /// <summary>DT_RELA; the word holds something else, which the loader overwrites.</summary>
    RelaOverOther,

    /// <summary>DT_RELR: the word is the only copy.</summary>
    Relr,

    /// <summary>No relocation: a program at a fixed address.</summary>
    Fixed,
}

/// <summary>
/// Builds a small library with HIP code byte by byte, laid out as linkers do it: four PT_LOADs, of which only the first has address =
/// offset.
/// </summary>
internal sealed class FatLibraryBuilder
{
    public const int Page = 4096;
    public const ulong CodeShift = 0x1000,
        TextShift = 0x2000,
        DataShift = 0x3000;

    private readonly List<byte> file = [];
    private readonly List<Segment> segments = [];
    private readonly List<Section> sections = [];

    public IReadOnlyList<BundleBuilder> Bundles { get; init; } = [BundleBuilder.For("gfx1100", "gfx1151")];

    /// <summary>Which bundle each wrapper points to; one for each when null.</summary>
    public IReadOnlyList<int>? Wrappers { get; init; }

    public Pointers Pointers { get; init; } = Pointers.Rela;

    public byte Class { get; init; } = 2;

    public ushort Machine { get; init; } = 62;

    /// <summary>0, 1 or 2 PT_NOTE; the first is the property's, if GnuProperty, the last the build id's.</summary>
    public int Notes { get; init; } = 2;

    public bool GnuProperty { get; init; } = true;

    public bool TableHeader { get; init; } = true;

    /// <summary>Whether something follows the code in its PT_LOAD, from the same page on.</summary>
    public bool Tail { get; init; } = true;

    /// <summary>Whether the last page of code is full, so that the code ends with its PT_LOAD and its page.</summary>
    public bool FullPages { get; init; }

    public string CodeSection { get; init; } = ".hip_fatbin";

    public string WrapperSection { get; init; } = ".hipFatBinSegment";

    private ushort Type => Pointers == Pointers.Fixed ? (ushort)2 : (ushort)3;

    public static implicit operator byte[](FatLibraryBuilder builder) => builder.Build();

    public byte[] Build()
    {
        file.Clear();
        segments.Clear();
        sections.Clear();
        sections.Add(new("", 0, 0, 0, 0, 0, 0));
        var wrappers = Wrappers ?? [.. Enumerable.Range(0, Bundles.Count)];
        file.AddRange(new byte[64 + (10 * 56)]);
        AddHeaders(wrappers.Count);
        var addresses = AddCode();
        Align(Page, 0x230);
        Load(TextShift, 5, () => Add(".text", 1, 6, TextShift, Filled(".text", 333)));
        AddData(wrappers, addresses);
        Add(".comment", 1, 0x30, null, "GCC: (GNU) 15.2.0\0"u8.ToArray());
        WriteTables();
        return [.. file];
    }

    private void AddHeaders(int wrappers)
    {
        Load(
            0,
            4,
            () =>
            {
                AddNotes();
                Add(".dynstr", 3, 2, 0, "\0libfat.so.1\0"u8.ToArray());
                if (Pointers == Pointers.Relr)
                    Add(".relr.dyn", 19, 2, 0, new byte[8 * (2 + (wrappers * 3 / 63))]);
                else if (Pointers != Pointers.Fixed)
                    Add(".rela.dyn", 4, 2, 0, new byte[24 * (wrappers + 2)]);
            },
            fromStart: true
        );
    }

    private void AddNotes()
    {
        byte[] property = [4, 0, 0, 0, 16, 0, 0, 0, 5, 0, 0, 0, .. "GNU\0"u8, 2, 0, 0, 0xc0, 4, 0, 0, 0, 3, 0, 0, 0, 0, 0, 0, 0];
        byte[] build = [4, 0, 0, 0, 20, 0, 0, 0, 3, 0, 0, 0, .. "GNU\0"u8, .. Enumerable.Range(1, 20).Select(i => (byte)i)];
        if (GnuProperty)
            segments.Add(Add(".note.gnu.property", 7, 2, 0, property).As(0x6474e553));
        if (GnuProperty && Notes > 0)
            segments.Add(segments[^1] with { Type = 4 });
        if (Notes > (GnuProperty ? 1 : 0))
            segments.Add(Add(".note.gnu.build-id", 7, 2, 0, build).As(4));
        if (Notes > 1 && !GnuProperty)
            segments.Add(Add(".note.package", 7, 2, 0, build).As(4));
    }

    private List<ulong> AddCode()
    {
        var addresses = new List<ulong>();
        Align(Page, 0x40);
        Load(
            CodeShift,
            4,
            () =>
            {
                Add(".rodata", 1, 2, CodeShift, Filled(".rodata", 5000));
                Align(Page);
                var code = new List<byte>();
                foreach (var bundle in Bundles)
                {
                    while (code.Count % Page != 0)
                        code.Add(0);
                    addresses.Add((ulong)(file.Count + code.Count) + CodeShift);
                    code.AddRange(bundle.Build());
                }

                while (FullPages && code.Count % Page != 0)
                    code.Add(0);
                Add(CodeSection, 1, 2, CodeShift, [.. code]);
                if (Tail)
                    Add(".eh_frame_hdr", 1, 2, CodeShift, Filled("tail", 777));
            }
        );
        return addresses;
    }

    private void AddData(IReadOnlyList<int> wrappers, List<ulong> addresses)
    {
        Align(16);
        Load(
            DataShift,
            6,
            () =>
            {
                segments.Add(
                    Add(".dynamic", 6, 3, DataShift, [.. Dynamic().SelectMany(d => (byte[])[.. U64(d.Tag), .. U64(d.Value)])]).As(2, 6)
                );
                Add(".data", 1, 3, DataShift, Filled(".data", 99));
                Align(8);
                byte[] records =
                [
                    .. wrappers.SelectMany(w => (byte[])[.. "FPIH"u8, 1, 0, 0, 0, .. U64(InPlace(addresses[w])), .. new byte[8]]),
                ];
                var section = Add(WrapperSection, 1, 3, DataShift, records);
                Relocate(section.Address, wrappers, addresses);
                sections.Add(new(".bss", 8, 3, section.Address + (ulong)records.Length, (ulong)file.Count, 0x2345, 0));
            },
            moreMemory: 0x2345
        );
        segments.Add(new(0x6474e551, 6, 0, 0, 0, 0, 16));
    }

    private ulong InPlace(ulong address) =>
        Pointers switch
        {
            Pointers.Rela => 0,
            Pointers.RelaOverOther => 0x1234,
            _ => address,
        };

    private List<(ulong Tag, ulong Value)> Dynamic()
    {
        var (strings, table) = (sections.Find(s => s.Name == ".dynstr")!, sections.Find(s => s.Name is ".rela.dyn" or ".relr.dyn"));
        var dynamic = new List<(ulong, ulong)> { (14, 1), (5, strings.Address), (10, strings.Length) };
        if (table?.Name == ".rela.dyn")
            dynamic.AddRange([(7, table.Address), (8, table.Length), (9, 24)]);
        if (table?.Name == ".relr.dyn")
            dynamic.AddRange([(36, table.Address), (35, table.Length), (37, 8)]);
        return [.. dynamic, (0, 0), (0, 0)];
    }

    private void Relocate(ulong start, IReadOnlyList<int> wrappers, List<ulong> addresses)
    {
        if (sections.Find(s => s.Name is ".rela.dyn" or ".relr.dyn") is not { } table)
            return;
        var at = (int)table.Offset;
        if (Pointers != Pointers.Relr)
        {
            // A relocation of another word and a GLOB_DAT, as every library has them.
            Put(at, [.. U64(start - 8), .. U64(8), .. U64(0x40), .. U64(start - 16), .. U64((3UL << 32) | 6), .. U64(0)]);
            for (var i = 0; i < wrappers.Count; i++)
                Put(at + 48 + (i * 24), [.. U64(start + 8 + ((ulong)i * 24)), .. U64(8), .. U64(addresses[wrappers[i]])]);
            return;
        }

        // The first word by its address, then maps of 63 words, in which every third is a pointer.
        Put(at, U64(start + 8));
        for (var map = 0; map < ((int)table.Length / 8) - 1; map++)
        {
            var bits = Enumerable.Range(0, 63).Where(b => ((map * 63) + b + 1) % 3 == 0 && ((map * 63) + b + 1) / 3 < wrappers.Count);
            Put(at + 8 + (map * 8), U64(bits.Aggregate(1UL, (word, b) => word | (2UL << b))));
        }
    }

    private void WriteTables()
    {
        sections.Add(new(".shstrtab", 3, 0, 0, 0, 0, 0));
        var names = string.Join('\0', sections.Select(s => s.Name)) + "\0";
        var offset = (ulong)file.Count;
        file.AddRange(Encoding.ASCII.GetBytes(names));
        sections[^1] = sections[^1] with { Offset = offset, Length = (ulong)names.Length };
        Align(8);
        var table = file.Count;
        var name = 0;
        foreach (var s in sections)
        {
            file.AddRange([
                .. U32((uint)name),
                .. U32(s.Type),
                .. U64(s.Flags),
                .. U64(s.Address),
                .. U64(s.Offset),
                .. U64(s.Length),
                .. new byte[8],
                .. U64(1),
                .. U64(s.EntrySize),
            ]);
            name += s.Name.Length + 1;
        }

        var rows = segments.Where(s => s.Type != 1).Concat(segments.Where(s => s.Type == 1).OrderBy(s => s.Address)).ToList();
        if (TableHeader)
            rows.Insert(0, new(6, 4, 64, 64, (ulong)(rows.Count + 1) * 56, (ulong)(rows.Count + 1) * 56, 8));
        byte[] ident = [0x7f, (byte)'E', (byte)'L', (byte)'F', Class, 1, 1, .. new byte[9]];
        Put(
            0,
            [
                .. ident,
                .. U16(Type),
                .. U16(Machine),
                .. U32(1),
                .. U64(0),
                .. U64(64),
                .. U64((ulong)table),
                .. U32(0),
                .. U16(64),
                .. U16(56),
                .. U16(rows.Count),
                .. U16(64),
                .. U16(sections.Count),
                .. U16(sections.Count - 1),
            ]
        );
        for (var i = 0; i < rows.Count; i++)
        {
            var s = rows[i];
            Put(
                64 + (i * 56),
                [
                    .. U32(s.Type),
                    .. U32(s.Flags),
                    .. U64(s.Offset),
                    .. U64(s.Address),
                    .. U64(s.Address),
                    .. U64(s.FileSize),
                    .. U64(s.MemorySize),
                    .. U64(s.Alignment),
                ]
            );
        }
    }

    private void Load(ulong shift, uint flags, Action fill, bool fromStart = false, ulong moreMemory = 0)
    {
        var start = fromStart ? 0 : (ulong)file.Count;
        fill();
        var length = (ulong)file.Count - start;
        segments.Add(new(1, flags, start, start + shift, length, length + moreMemory, Page));
    }

    private Section Add(string name, uint type, ulong flags, ulong? shift, byte[] bytes)
    {
        Align(4);
        if (name == CodeSection)
            Align(Page);
        var offset = (ulong)file.Count;
        file.AddRange(bytes);
        sections.Add(new(name, type, flags, shift is { } s ? offset + s : 0, offset, (ulong)bytes.Length, 0));
        return sections[^1];
    }

    private void Align(int to, int past = 0)
    {
        while (file.Count % to != 0)
            file.Add(0);
        file.AddRange(new byte[past]);
    }

    private void Put(int at, byte[] bytes)
    {
        for (var i = 0; i < bytes.Length; i++)
            file[at + i] = bytes[i];
    }

    private static byte[] Filled(string name, int size) => BundleBuilder.Code(name, size, compressible: false);

    private static byte[] U16(int value) => BitConverter.GetBytes((ushort)value);

    private static byte[] U32(uint value) => BitConverter.GetBytes(value);

    private static byte[] U64(ulong value) => BitConverter.GetBytes(value);

    private sealed record Section(string Name, uint Type, ulong Flags, ulong Address, ulong Offset, ulong Length, ulong EntrySize)
    {
        public Segment As(uint type, uint flags = 4) => new(type, flags, Offset, Address, Length, Length, 8);
    }

    private sealed record Segment(uint Type, uint Flags, ulong Offset, ulong Address, ulong FileSize, ulong MemorySize, ulong Alignment);
}
