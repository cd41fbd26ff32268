using System.Text;

namespace Gfxbake.Formats.Elf;

/// <summary>Section headers, for what the program headers cannot tell: which part of a segment is strings and which is GPU code.</summary>
public static class ElfSections
{
    private const int HeaderSize = 64,
        MostNameBytes = 1 << 20;

    /// <summary>
    /// The sections, or none when the file lacks them or they are broken: the loader never reads them, so that is no error.
    /// </summary>
    public static IReadOnlyList<ElfSection> Read(Stream stream, ElfFile elf)
    {
        var (offset, count, nameIndex, entrySize) = elf.SectionTable;
        if (elf.IsForeign || count == 0 || entrySize != HeaderSize || nameIndex >= count)
            return [];

        try
        {
            var bytes = new ElfBytes(stream);
            var table = bytes.Read(offset, (ulong)count * HeaderSize, ulong.MaxValue, "the section header table");
            var names = ReadNames(bytes, table.AsSpan(nameIndex * HeaderSize, HeaderSize));
            return [.. Enumerable.Range(0, count).Select(i => Row(bytes, table.AsSpan(i * HeaderSize, HeaderSize), names))];
        }
        catch (ElfFormatException)
        {
            return [];
        }
    }

    private static byte[] ReadNames(ElfBytes bytes, ReadOnlySpan<byte> row) =>
        bytes.Read(ElfBytes.U64(row, 24), ElfBytes.U64(row, 32), MostNameBytes, "the section names");

    private static ElfSection Row(ElfBytes bytes, ReadOnlySpan<byte> row, byte[] names)
    {
        var (offset, size, type) = (ElfBytes.U64(row, 24), ElfBytes.U64(row, 32), ElfBytes.U32(row, 4));
        var inFile = offset <= (ulong)bytes.Length && size <= (ulong)bytes.Length - offset;
        if (type == ElfSection.ProgramBits && !inFile)
            throw new ElfFormatException((long)Math.Min(offset, long.MaxValue), "a section lies outside the file", offset);

        return new ElfSection(
            Name(names, ElfBytes.U32(row, 0)),
            type,
            ElfBytes.U64(row, 8),
            inFile ? (long)offset : 0,
            inFile ? (long)size : 0
        );
    }

    private static string Name(byte[] names, uint index)
    {
        if (index >= names.Length)
            return "";

        var rest = names.AsSpan((int)index);
        var end = rest.IndexOf((byte)0);
        return Encoding.UTF8.GetString(end < 0 ? rest : rest[..end]);
    }
}
