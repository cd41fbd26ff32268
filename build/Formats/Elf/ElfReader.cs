namespace Gfxbake.Formats.Elf;

/// <summary>Reads header, program headers and PT_DYNAMIC; sections stay unread, as in the loader.</summary>
internal static class ElfReader
{
    private const int HeaderSize = 64,
        ProgramHeaderSize = 56;
    private const int MostNeeded = 4096,
        LongestInterpreter = 4096;

    public static bool HasMagic(ElfBytes bytes)
    {
        Span<byte> magic = stackalloc byte[4];
        return bytes.ReadSome(0, magic) == 4 && magic.SequenceEqual("\u007fELF"u8);
    }

    public static ElfFile Read(ElfBytes bytes)
    {
        var ident = bytes.Read(0, 20, 20, "the ELF header");
        var bits = ident[4] switch
        {
            1 => 32,
            2 => 64,
            var other => throw new ElfFormatException(4, "unknown ELF class", other),
        };
        var bigEndian = ident[5] switch
        {
            1 => false,
            2 => true,
            var other => throw new ElfFormatException(5, "unknown ELF byte order", other),
        };
        if (ident[6] != 1)
            throw new ElfFormatException(6, "unknown ELF version", ident[6]);

        var elf = new ElfFile
        {
            Bits = bits,
            BigEndian = bigEndian,
            Machine = ElfBytes.U16(ident, 18, bigEndian),
        };
        return elf.IsForeign ? elf : ReadNative(bytes, elf);
    }

    private static ElfFile ReadNative(ElfBytes bytes, ElfFile elf)
    {
        var header = bytes.Read(0, HeaderSize, HeaderSize, "the ELF header");
        var segments = ReadSegments(bytes, header);
        elf = elf with
        {
            Segments = segments,
            SectionTable = (ElfBytes.U64(header, 40), ElfBytes.U16(header, 60), ElfBytes.U16(header, 62), ElfBytes.U16(header, 58)),
            Interpreter = ReadInterpreter(bytes, segments),
        };
        return ReadDynamic(bytes, elf);
    }

    private static ElfSegment[] ReadSegments(ElfBytes bytes, byte[] header)
    {
        var (offset, size, count) = (ElfBytes.U64(header, 32), ElfBytes.U16(header, 54), ElfBytes.U16(header, 56));
        if (count == 0)
            return [];

        if (size != ProgramHeaderSize)
            throw new ElfFormatException(54, $"a program header has another size than {ProgramHeaderSize}", size);

        if (count == 0xffff)
            throw new ElfFormatException(56, "more program headers than the loader accepts", count);

        var table = bytes.Read(offset, (ulong)count * size, ulong.MaxValue, "the program header table");
        var segments = new ElfSegment[count];
        for (var i = 0; i < count; i++)
            segments[i] = ReadSegment(bytes, table.AsSpan(i * size, size), (long)offset + (i * size));

        return segments;
    }

    private static ElfSegment ReadSegment(ElfBytes bytes, ReadOnlySpan<byte> row, long at)
    {
        var (offset, fileSize) = (ElfBytes.U64(row, 8), ElfBytes.U64(row, 32));
        if (fileSize > 0 && (offset > (ulong)bytes.Length || fileSize > (ulong)bytes.Length - offset))
            throw new ElfFormatException(at + 8, $"a segment lies outside the file of {bytes.Length} bytes", offset);

        return new ElfSegment(
            ElfBytes.U32(row, 0),
            ElfBytes.U32(row, 4),
            fileSize == 0 ? 0 : (long)offset,
            ElfBytes.U64(row, 16),
            (long)fileSize,
            ElfBytes.U64(row, 40),
            ElfBytes.U64(row, 48)
        );
    }

    private static string? ReadInterpreter(ElfBytes bytes, ElfSegment[] segments)
    {
        var segment = Array.Find(segments, s => s.Type == ElfSegment.Interpreter);
        if (segment is null)
        {
            return null;
        }

        if (segment.FileSize is < 2 or > LongestInterpreter)
            throw new ElfFormatException(segment.Offset, "the interpreter's name has no sensible length", (ulong)segment.FileSize);

        return bytes.ReadString(segment.Offset, segment.Offset + segment.FileSize, "the interpreter's name");
    }

    private static ElfFile ReadDynamic(ElfBytes bytes, ElfFile elf)
    {
        if (DynamicTable.Read(bytes, elf.Segments) is not { } table)
            return elf;

        var needed = new List<string>();
        foreach (var (tag, value, at) in table.Entries)
        {
            switch (tag)
            {
                case 1: // DT_NEEDED
                    needed.Add(table.String(value, at));
                    break;
                case 14:
                    elf = elf with { SoName = table.String(value, at) };
                    break;
                case 15:
                    elf = elf with { RPath = table.String(value, at) };
                    break;
                case 29:
                    elf = elf with { RunPath = table.String(value, at) };
                    break;
                case 0x6ffffffb: // DT_FLAGS_1
                    elf = elf with { NoDefaultLibraries = (value & 0x800) != 0 };
                    break;
            }

            if (needed.Count > MostNeeded)
                throw new ElfFormatException(at, $"more than {MostNeeded} needed libraries", (ulong)needed.Count);
        }

        return elf with
        {
            Needed = needed,
        };
    }
}
