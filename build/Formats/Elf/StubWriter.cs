using System.Buffers.Binary;
using System.Text;

namespace Gfxbake.Formats.Elf;

/// <summary>Writes a stand-in as an x86-64 shared object: the same library gives the same bytes, and no compiler is needed.</summary>
/// <remarks>
/// Three PT_LOADs: tables and texts, code, and .dynamic, which glibc before 2.35 writes to while it loads and which PT_GNU_RELRO makes
/// read-only then. Variables have a fourth, without any right: they have addresses, which may be taken, and no content. There are no
/// relocations, so nothing is left for later.
/// </remarks>
public static class StubWriter
{
    /// <summary>Bytes of address space for a variable; none of them is in the file.</summary>
    internal const int DataSize = 1 << 16;

    private const int Page = 4096,
        HeaderSize = 64,
        SymbolSize = 24;
    private const uint Read = 4,
        Writable = 2,
        Execute = 1;
    private const uint RelocatedReadOnly = 0x6474e552,
        Stack = 0x6474e551;

    /// <summary>The bytes of the file.</summary>
    /// <exception cref="ArgumentException">It can't be written: <see cref="StubLibrary.Problem"/> says why.</exception>
    public static byte[] Write(StubLibrary library)
    {
        if (library.Problem() is { } problem)
            throw new ArgumentException(problem, nameof(library));

        var tables = new StubTables(library);
        var file = new Sections(HeaderSize + ((library.Data.Count == 0 ? 6 : 7) * ProgramHeader.Size));
        var hash = file.Add(".gnu.hash", 0x6ffffff6, 2, tables.Hash());
        var symbols = file.Add(".dynsym", 11, 2, new byte[tables.SymbolBytes], info: 1, entrySize: SymbolSize);
        var strings = file.Add(".dynstr", 3, 2, tables.Strings());
        var versions = tables.HasVersions ? file.Add(".gnu.version", 0x6fffffff, 2, tables.Indexes(), entrySize: 2) : null;
        var definitions = tables.HasVersions
            ? file.Add(".gnu.version_d", 0x6ffffffd, 2, tables.Definitions(), info: (uint)tables.DefinitionCount)
            : null;
        var (start, end) = (Encoding.UTF8.GetBytes("gfxbake: "), Encoding.UTF8.GetBytes(library.Message));
        var mask = new byte[8];
        mask[0] = 1 << (6 - 1); // SIGABRT
        var data = file.Add(".rodata", 1, 2, [.. mask, .. start, .. end]);
        var readEnd = file.End;

        var code = file.AddOnNewPage(".text", 1, 2 | 4, new byte[tables.Functions.Count * StubCode.FunctionSize]);
        var common = code.Address + (ulong)code.Content.Length;
        var startAt = data.Address + (ulong)mask.Length;
        code.Content =
        [
            .. tables.Functions.SelectMany(
                (f, i) =>
                    StubCode.Function(
                        code.Address + (ulong)(i * StubCode.FunctionSize),
                        strings.Address + tables.StringAt(f.Name),
                        Encoding.UTF8.GetByteCount(f.Name),
                        common
                    )
            ),
            .. StubCode.Common(common, (startAt, start.Length), (startAt + (ulong)start.Length, end.Length), data.Address),
        ];
        var dynamic = file.AddOnNewPage(".dynamic", 6, 2 | 1, [], entrySize: 16);
        dynamic.Content = Dynamic(tables, hash, symbols, strings, versions, definitions);
        var nothing = library.Data.Count == 0 ? null : file.AddNothing(".nothing", library.Data.Count * DataSize);
        symbols.Content = tables.Symbols(
            (code.Address, file.IndexOf(code)),
            nothing is null ? default : (nothing.Address, file.IndexOf(nothing))
        );
        symbols.Link = dynamic.Link = (uint)file.IndexOf(strings);
        hash.Link = (uint)file.IndexOf(symbols);
        if (versions is not null && definitions is not null)
            (versions.Link, definitions.Link) = ((uint)file.IndexOf(symbols), (uint)file.IndexOf(strings));

        ProgramHeader[] variables = nothing is null
            ? []
            : [Load(nothing.Address, nothing.Address, 0) with { Offset = dynamic.Address, MemorySize = (ulong)nothing.Length }];
        return file.Build([
            Load(0, readEnd, Read),
            Load(code.Address, code.End, Read | Execute),
            // The rest of the page is zeros, so that the whole page can become read-only.
            Load(dynamic.Address, dynamic.End, Read | Writable) with
            {
                MemorySize = Page,
            },
            .. variables,
            Load(dynamic.Address, dynamic.End, Read | Writable) with
            {
                Type = ProgramHeader.Dynamic,
                Alignment = 8,
            },
            Load(dynamic.Address, dynamic.End, Read) with
            {
                Type = RelocatedReadOnly,
                MemorySize = Page,
                Alignment = 1,
            },
            Load(0, 0, Read | Writable) with
            {
                Type = Stack,
                Alignment = 16,
            },
        ]);
    }

    private static ProgramHeader Load(ulong start, ulong end, uint flags) =>
        new(ProgramHeader.Load, flags, start, start, start, end - start, end - start, Page);

    private static byte[] Dynamic(
        StubTables tables,
        Section hash,
        Section symbols,
        Section strings,
        Section? versions,
        Section? definitions
    )
    {
        var entries = new List<(ulong Tag, ulong Value)>
        {
            (14, tables.SoName),
            (0x6ffffef5, hash.Address),
            (5, strings.Address),
            (6, symbols.Address),
            (10, (ulong)strings.Content.Length),
            (11, SymbolSize),
        };
        if (versions is not null && definitions is not null)
        {
            entries.AddRange([
                (0x6ffffffc, definitions.Address),
                (0x6ffffffd, (ulong)tables.DefinitionCount),
                (0x6ffffff0, versions.Address),
            ]);
        }

        entries.Add((0, 0));
        var bytes = new byte[entries.Count * 16];
        for (var i = 0; i < entries.Count; i++)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(i * 16), entries[i].Tag);
            BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan((i * 16) + 8), entries[i].Value);
        }

        return bytes;
    }

    /// <summary>A section whose place is known before its content is.</summary>
    private sealed record Section(string Name, uint Type, ulong Flags, ulong Address, uint Info, ulong EntrySize)
    {
        public byte[] Content { get; set; } = [];

        public uint Link { get; set; }

        /// <summary>Bytes in memory of a section that has none in the file.</summary>
        public int Length { get; init; }

        public ulong End => Address + (ulong)Content.Length;
    }

    /// <summary>Sections in the order of the file, each at the address that is its offset.</summary>
    private sealed class Sections(int start)
    {
        private readonly List<Section> sections = [];

        /// <summary>The end of the file so far.</summary>
        public ulong End => sections.FindLast(s => s.Type != SectionHeader.NoBits)?.End ?? (ulong)start;

        public int IndexOf(Section section) => sections.FindIndex(s => ReferenceEquals(s, section)) + 1;

        public Section Add(string name, uint type, ulong flags, byte[] content, uint info = 0, ulong entrySize = 0, int alignment = 8)
        {
            var at = (End + (ulong)alignment - 1) / (ulong)alignment * (ulong)alignment;
            sections.Add(new Section(name, type, flags, at, info, entrySize) { Content = content });
            return sections[^1];
        }

        public Section AddOnNewPage(string name, uint type, ulong flags, byte[] content, ulong entrySize = 0) =>
            Add(name, type, flags, content, entrySize: entrySize, alignment: Page);

        /// <summary>A section of addresses alone, from the next page on.</summary>
        public Section AddNothing(string name, int length)
        {
            sections.Add(new Section(name, SectionHeader.NoBits, 2, (End / Page * Page) + Page, 0, 0) { Length = length });
            return sections[^1];
        }

        public byte[] Build(IReadOnlyList<ProgramHeader> programs)
        {
            var names = Encoding.ASCII.GetBytes("\0" + string.Concat(sections.Select(s => s.Name + "\0")) + ".shstrtab\0");
            var namesAt = End;
            var table = (namesAt + (ulong)names.Length + 7) / 8 * 8;
            var file = new byte[table + (ulong)((sections.Count + 2) * SectionHeader.Size)];
            Header(file, programs.Count, table, sections.Count + 2);
            for (var i = 0; i < programs.Count; i++)
                programs[i].Write(file.AsSpan(HeaderSize + (i * ProgramHeader.Size)));
            names.CopyTo(file.AsSpan((int)namesAt));
            var name = 1u;
            var row = (int)table + SectionHeader.Size;
            foreach (var s in sections)
            {
                if (s.Type != SectionHeader.NoBits)
                    s.Content.CopyTo(file.AsSpan((int)s.Address));
                Row(s, name).Write(file.AsSpan(row));
                name += (uint)s.Name.Length + 1;
                row += SectionHeader.Size;
            }

            new SectionHeader(name, "", 3, 0, 0, namesAt, (ulong)names.Length, 0, 0, 1, 0).Write(file.AsSpan(row));
            return file;
        }

        private SectionHeader Row(Section s, uint name) =>
            s.Type == SectionHeader.NoBits
                ? new(name, s.Name, s.Type, s.Flags, s.Address, End, (ulong)s.Length, 0, 0, Page, 0)
                : new(name, s.Name, s.Type, s.Flags, s.Address, s.Address, (ulong)s.Content.Length, s.Link, s.Info, 8, s.EntrySize);

        private static void Header(byte[] file, int programs, ulong table, int count)
        {
            byte[] ident = [0x7f, (byte)'E', (byte)'L', (byte)'F', 2, 1, 1];
            ident.CopyTo(file, 0);
            Half(16, 3); // a shared object
            Half(18, ElfFile.X8664);
            BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(20), 1);
            BinaryPrimitives.WriteUInt64LittleEndian(file.AsSpan(32), HeaderSize);
            BinaryPrimitives.WriteUInt64LittleEndian(file.AsSpan(40), table);
            Half(52, HeaderSize);
            Half(54, ProgramHeader.Size);
            Half(56, programs);
            Half(58, SectionHeader.Size);
            Half(60, count);
            Half(62, count - 1);

            void Half(int at, int value) => BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(at), (ushort)value);
        }
    }
}
