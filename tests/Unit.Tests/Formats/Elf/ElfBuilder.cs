using System.Buffers.Binary;
using System.Text;

namespace Gfxbake.Unit.Tests.Formats.Elf;

/// <summary>Builds x86-64 ELF files byte by byte, as small as the reader's questions need them.</summary>
internal sealed class ElfBuilder
{
    // File offset 0 lies here in memory, so that mixing up addresses and offsets shows.
    public const ulong Base = 0x40_0000;

    public byte Class { get; init; } = 2;

    public byte ByteOrder { get; init; } = 1;

    public ushort Machine { get; init; } = 62;

    public string? Interpreter { get; init; }

    public string[] Needed { get; init; } = [];

    public string? SoName { get; init; }

    public string? RPath { get; init; }

    public string? RunPath { get; init; }

    public ulong Flags1 { get; init; }

    /// <summary>JSON of a .note.dlopen.</summary>
    public string? DlopenNote { get; init; }

    /// <summary>Dynamic symbols, with DT_HASH to count them.</summary>
    public IReadOnlyList<BuiltSymbol> Symbols { get; init; } = [];

    public byte[] ReadOnlyData { get; init; } = [];

    public byte[] Code { get; init; } = [];

    public byte[] FatBinary { get; init; } = [];

    /// <summary>Content of .rocm_kpack_ref.</summary>
    public byte[] KernelPackReference { get; init; } = [];

    public bool WithSections { get; init; } = true;

    private readonly List<byte> file = [];
    private readonly List<byte[]> programHeaders = [];
    private readonly List<(string Name, uint Type, ulong Flags, long Offset, long Size)> sections = [("", 0, 0, 0, 0)];

    public static implicit operator byte[](ElfBuilder builder) => builder.Build();

    public byte[] Build()
    {
        file.Clear();
        programHeaders.Clear();
        sections.RemoveRange(1, sections.Count - 1);
        const int Headers = 7;
        file.AddRange(new byte[64 + (Headers * 56)]);
        if (Interpreter is not null)
            AddSegment(3, 4, Append(Encoding.UTF8.GetBytes(Interpreter + "\0")));

        AddDynamic();
        if (DlopenNote is not null)
            AddSegment(4, 4, Append(Note(DlopenNote)), alignment: 4);

        AddSection(".rodata", 2, Append(ReadOnlyData));
        var data = (0L, (long)file.Count);
        var code = Append(Code);
        AddSection(".text", 6, code);
        var fat = Append(FatBinary);
        AddSection(".hip_fatbin", 2, fat);
        if (KernelPackReference.Length > 0)
            AddSection(".rocm_kpack_ref", 2, Append(KernelPackReference));
        AddSegment(1, 4, data);
        AddSegment(1, 5, code);
        AddSegment(1, 4, fat);
        WriteHeader(WithSections ? AppendSections() : 0);
        return [.. file];
    }

    private void AddDynamic()
    {
        var strings = new MemoryStream();
        strings.WriteByte(0);
        var table = new List<(ulong Tag, ulong Value)>();
        table.AddRange(Needed.Select(n => (1UL, AddString(strings, n))));
        (ulong Tag, string? Text)[] texts = [(14, SoName), (15, RPath), (29, RunPath)];
        table.AddRange(texts.Where(t => t.Text is not null).Select(t => (t.Tag, AddString(strings, t.Text!))));
        if (Flags1 != 0)
            table.Add((0x6ffffffb, Flags1));

        if (table.Count == 0 && Symbols.Count == 0)
            return;

        foreach (var (tag, value, bytes) in BuiltSymbol.Tables(Symbols, text => (uint)AddString(strings, text)))
            table.Add((tag, bytes is null ? value : Base + (ulong)Append(bytes).Offset));
        var (offset, size) = Append(strings.ToArray());
        table.Add((5, Base + (ulong)offset));
        table.Add((10, (ulong)size));
        table.Add((0, 0));
        AddSegment(2, 6, Append([.. table.SelectMany(t => (byte[])[.. U64(t.Tag), .. U64(t.Value)])]));
    }

    private static byte[] Note(string json)
    {
        var text = Encoding.UTF8.GetBytes(json + "\0");
        return [.. U32(4), .. U32((uint)text.Length), .. U32(0x407c0c0a), .. "FDO\0"u8, .. text];
    }

    private long AppendSections()
    {
        var names = new MemoryStream();
        sections.Add((".shstrtab", 3, 0, 0, 0));
        var starts = sections.ConvertAll(s => AddString(names, s.Name));
        var (offset, size) = Append(names.ToArray());
        sections[^1] = (".shstrtab", 3, 0, offset, size);
        var table = (long)file.Count;
        for (var i = 0; i < sections.Count; i++)
        {
            var s = sections[i];
            file.AddRange([
                .. U32((uint)starts[i]),
                .. U32(s.Type),
                .. U64(s.Flags),
                .. U64(0),
                .. U64((ulong)s.Offset),
                .. U64((ulong)s.Size),
                .. new byte[24],
            ]);
        }

        return table;
    }

    private void WriteHeader(long sectionTable)
    {
        byte[] header =
        [
            0x7f,
            (byte)'E',
            (byte)'L',
            (byte)'F',
            Class,
            ByteOrder,
            1,
            .. new byte[9],
            .. U16(3),
            .. ByteOrder == 2 ? [(byte)(Machine >> 8), (byte)Machine] : U16(Machine),
            .. U32(1),
            .. U64(0),
            .. U64(64),
            .. U64((ulong)sectionTable),
            .. U32(0),
            .. U16(64),
            .. U16(56),
            .. U16((ushort)programHeaders.Count),
            .. U16(64),
            .. U16(sectionTable == 0 ? (ushort)0 : (ushort)sections.Count),
            .. U16(sectionTable == 0 ? (ushort)0 : (ushort)(sections.Count - 1)),
        ];
        byte[] all = [.. header, .. programHeaders.SelectMany(row => row)];
        for (var i = 0; i < all.Length; i++)
            file[i] = all[i];
    }

    private void AddSegment(uint type, uint flags, (long Offset, long Size) range, ulong alignment = 1) =>
        programHeaders.Add([
            .. U32(type),
            .. U32(flags),
            .. U64((ulong)range.Offset),
            .. U64(Base + (ulong)range.Offset),
            .. U64(0),
            .. U64((ulong)range.Size),
            .. U64((ulong)range.Size),
            .. U64(alignment),
        ]);

    private void AddSection(string name, ulong flags, (long Offset, long Size) range) =>
        sections.Add((name, 1, flags, range.Offset, range.Size));

    private (long Offset, long Size) Append(byte[] bytes)
    {
        file.AddRange(new byte[(8 - (file.Count % 8)) % 8]);
        var offset = (long)file.Count;
        file.AddRange(bytes);
        return (offset, bytes.Length);
    }

    private static ulong AddString(MemoryStream strings, string text)
    {
        var at = (ulong)strings.Length;
        strings.Write(Encoding.UTF8.GetBytes(text + "\0"));
        return at;
    }

    private static byte[] U16(ushort value) => [(byte)value, (byte)(value >> 8)];

    private static byte[] U32(uint value) => BitConverter.GetBytes(value);

    private static byte[] U64(ulong value)
    {
        var bytes = new byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, value);
        return bytes;
    }
}
