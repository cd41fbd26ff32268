using System.Buffers.Binary;
using System.Text;

namespace Gfxbake.Formats.Elf;

/// <summary>One program header with every field, as a writer needs them (System V ABI, Elf64_Phdr).</summary>
public sealed record ProgramHeader(
    uint Type,
    uint Flags,
    ulong Offset,
    ulong Address,
    ulong PhysicalAddress,
    ulong FileSize,
    ulong MemorySize,
    ulong Alignment
)
{
    public const int Size = 56;
    public const uint Load = 1,
        Dynamic = 2,
        Note = 4,
        Table = 6,
        GnuProperty = 0x6474e553;

    /// <summary>End of its bytes in the file.</summary>
    public ulong FileEnd => Offset + FileSize;

    internal static ProgramHeader Read(ReadOnlySpan<byte> row) =>
        new(
            ElfBytes.U32(row, 0),
            ElfBytes.U32(row, 4),
            ElfBytes.U64(row, 8),
            ElfBytes.U64(row, 16),
            ElfBytes.U64(row, 24),
            ElfBytes.U64(row, 32),
            ElfBytes.U64(row, 40),
            ElfBytes.U64(row, 48)
        );

    internal void Write(Span<byte> row)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(row, Type);
        BinaryPrimitives.WriteUInt32LittleEndian(row[4..], Flags);
        ulong[] words = [Offset, Address, PhysicalAddress, FileSize, MemorySize, Alignment];
        for (var i = 0; i < words.Length; i++)
            BinaryPrimitives.WriteUInt64LittleEndian(row[(8 + (i * 8))..], words[i]);
    }
}

/// <summary>One section header with every field (Elf64_Shdr).</summary>
public sealed record SectionHeader(
    uint NameIndex,
    string Name,
    uint Type,
    ulong Flags,
    ulong Address,
    ulong Offset,
    ulong Length,
    uint Link,
    uint Info,
    ulong Alignment,
    ulong EntrySize
)
{
    public const int Size = 64;
    public const uint NoBits = 8;

    internal static SectionHeader Read(ReadOnlySpan<byte> row, string name) =>
        new(
            ElfBytes.U32(row, 0),
            name,
            ElfBytes.U32(row, 4),
            ElfBytes.U64(row, 8),
            ElfBytes.U64(row, 16),
            ElfBytes.U64(row, 24),
            ElfBytes.U64(row, 32),
            ElfBytes.U32(row, 40),
            ElfBytes.U32(row, 44),
            ElfBytes.U64(row, 48),
            ElfBytes.U64(row, 56)
        );

    internal void Write(Span<byte> row)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(row, NameIndex);
        BinaryPrimitives.WriteUInt32LittleEndian(row[4..], Type);
        ulong[] words = [Flags, Address, Offset, Length];
        for (var i = 0; i < words.Length; i++)
            BinaryPrimitives.WriteUInt64LittleEndian(row[(8 + (i * 8))..], words[i]);
        BinaryPrimitives.WriteUInt32LittleEndian(row[40..], Link);
        BinaryPrimitives.WriteUInt32LittleEndian(row[44..], Info);
        BinaryPrimitives.WriteUInt64LittleEndian(row[48..], Alignment);
        BinaryPrimitives.WriteUInt64LittleEndian(row[56..], EntrySize);
    }
}

/// <summary>The tables of a 64-bit little-endian ELF file, complete, for a program that rewrites them.</summary>
public sealed record ElfLayout
{
    public const int HeaderSize = 64;
    public const ushort Executable = 2;

    private const int MostNameBytes = 1 << 20;

    // Sections may share the bytes of a name, so that a small file could name gigabytes.
    private const int LongestName = 512;

    public required long FileLength { get; init; }

    /// <summary>e_type: 2 is a program at a fixed address, 3 a library or a program that can be anywhere.</summary>
    public required ushort Type { get; init; }

    /// <summary>Address of a program's first instruction; linkers leave 0 in a library.</summary>
    public required ulong Entry { get; init; }

    public required ulong ProgramTableOffset { get; init; }

    public required ulong SectionTableOffset { get; init; }

    public required IReadOnlyList<ProgramHeader> ProgramHeaders { get; init; }

    /// <summary>Empty when the file has none.</summary>
    public required IReadOnlyList<SectionHeader> SectionHeaders { get; init; }

    public IEnumerable<ProgramHeader> Loads => ProgramHeaders.Where(p => p.Type == ProgramHeader.Load);

    /// <summary>Reads a file that ElfFile.TryRead found to be native.</summary>
    /// <exception cref="ElfFormatException">A table lies outside the file or has rows of an unknown size.</exception>
    public static ElfLayout Read(Stream stream)
    {
        var bytes = new ElfBytes(stream);
        var header = bytes.Read(0, HeaderSize, HeaderSize, "the ELF header");
        var (programs, sections) = (ElfBytes.U64(header, 32), ElfBytes.U64(header, 40));
        var programRows = Table(
            bytes,
            programs,
            ElfBytes.U16(header, 56),
            ElfBytes.U16(header, 54),
            ProgramHeader.Size,
            54,
            "the program header table"
        );
        return new ElfLayout
        {
            FileLength = bytes.Length,
            Type = ElfBytes.U16(header, 16),
            Entry = ElfBytes.U64(header, 24),
            ProgramTableOffset = programs,
            SectionTableOffset = sections,
            ProgramHeaders = [.. programRows.Chunk(ProgramHeader.Size).Select(row => Checked(bytes, ProgramHeader.Read(row)))],
            SectionHeaders = ReadSections(bytes, header, sections),
        };
    }

    /// <summary>Where the byte at an address stands in the file; null when no PT_LOAD brings it from there.</summary>
    public long? OffsetOf(ulong address)
    {
        foreach (var load in Loads)
        {
            if (address >= load.Address && address - load.Address < load.FileSize)
                return (long)(load.Offset + (address - load.Address));
        }

        return null;
    }

    private static List<SectionHeader> ReadSections(ElfBytes bytes, byte[] header, ulong offset)
    {
        int count = ElfBytes.U16(header, 60),
            nameIndex = ElfBytes.U16(header, 62);
        var rows = Table(bytes, offset, count, ElfBytes.U16(header, 58), SectionHeader.Size, 58, "the section header table");
        if (count == 0)
            return [];
        if (nameIndex >= count)
            throw new ElfFormatException(62, "the section of section names does not exist", (ulong)nameIndex);
        var nameRow = rows.AsSpan(nameIndex * SectionHeader.Size, SectionHeader.Size);
        var names = bytes.Read(ElfBytes.U64(nameRow, 24), ElfBytes.U64(nameRow, 32), MostNameBytes, "the section names");
        return [.. rows.Chunk(SectionHeader.Size).Select(row => SectionHeader.Read(row, Name(names, ElfBytes.U32(row, 0))))];
    }

    private static byte[] Table(ElfBytes bytes, ulong offset, int count, int size, int wanted, long at, string what)
    {
        if (count == 0)
            return [];
        if (size != wanted)
            throw new ElfFormatException(at, $"a row of {what} has another size than {wanted}", (ulong)size);
        return bytes.Read(offset, (ulong)count * (ulong)size, ulong.MaxValue, what);
    }

    private static ProgramHeader Checked(ElfBytes bytes, ProgramHeader header)
    {
        if (header.FileSize > 0 && (header.Offset > (ulong)bytes.Length || header.FileSize > (ulong)bytes.Length - header.Offset))
        {
            throw new ElfFormatException(
                (long)Math.Min(header.Offset, long.MaxValue),
                $"a segment lies outside the file of {bytes.Length} bytes",
                header.Offset
            );
        }

        if (header.Address > ulong.MaxValue - header.MemorySize)
            throw new ElfFormatException((long)header.Offset, "a segment wraps around the end of the memory", header.Address);
        return header;
    }

    private static string Name(byte[] names, uint index)
    {
        if (index >= names.Length)
            return "";
        var rest = names.AsSpan((int)index, (int)Math.Min(LongestName, names.Length - index));
        var end = rest.IndexOf((byte)0);
        return Encoding.UTF8.GetString(end < 0 ? rest : rest[..end]);
    }
}
