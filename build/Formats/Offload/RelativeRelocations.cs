using System.Buffers.Binary;
using Gfxbake.Formats.Elf;

namespace Gfxbake.Formats.Offload;

/// <summary>
/// The relocations of a range of memory that add the load address to a word: DT_RELA with its addends and DT_RELR, which has none.
/// </summary>
/// <remarks>Formats: System V ABI, chapters 4 and 5, for RELR the generic ABI's proposal that became part of it in 2022.</remarks>
internal sealed class RelativeRelocations
{
    private const int RelaBytes = 24,
        DynamicBytes = 16,
        MostDynamicBytes = 1 << 20;
    private const uint Relative = 8; // R_X86_64_RELATIVE
    private const ulong TagRela = 7,
        TagRelaSize = 8,
        TagRelr = 36,
        TagRelrSize = 35;

    private readonly Dictionary<ulong, (ulong Addend, long AddendOffset)> rela = [];
    private readonly HashSet<ulong> relr = [];

    /// <param name="stream">The file.</param>
    /// <param name="layout">Its tables.</param>
    /// <param name="start">First address of interest.</param>
    /// <param name="end">First address that is not.</param>
    /// <exception cref="ElfFormatException">A table lies outside the file.</exception>
    /// <exception cref="OffloadFormatException">Another kind of relocation changes a word of the range.</exception>
    public static RelativeRelocations Read(Stream stream, ElfLayout layout, ulong start, ulong end)
    {
        var relocations = new RelativeRelocations();
        var bytes = new ElfBytes(stream);
        var dynamic = ReadDynamic(bytes, layout);
        if (Table(layout, dynamic, TagRela, TagRelaSize, RelaBytes, bytes.Length) is { } rela)
            relocations.ReadRela(bytes, rela, start, end);
        if (Table(layout, dynamic, TagRelr, TagRelrSize, 8, bytes.Length) is { } relr)
            relocations.ReadRelr(bytes, relr, start, end);
        return relocations;
    }

    /// <summary>Whether a relocation sets the word at an address; with an addend of its own it overwrites what stands there.</summary>
    public (bool Known, ulong Addend, long? AddendOffset) At(ulong address) =>
        rela.TryGetValue(address, out var found) ? (true, found.Addend, found.AddendOffset) : (relr.Contains(address), 0, null);

    private void ReadRela(ElfBytes bytes, (ulong Offset, ulong Length) table, ulong start, ulong end)
    {
        foreach (var (offset, chunk) in Chunks(bytes, table, RelaBytes))
        {
            for (var at = 0; at < chunk.Length; at += RelaBytes)
            {
                var address = BinaryPrimitives.ReadUInt64LittleEndian(chunk.AsSpan(at));
                if (address < start || address >= end)
                    continue;
                var kind = BinaryPrimitives.ReadUInt32LittleEndian(chunk.AsSpan(at + 8));
                if (kind != Relative)
                {
                    throw new OffloadFormatException(
                        offset + at,
                        $"a relocation of kind {kind} sets a word of {FatBinaryReader.WrapperSection}; only RELATIVE is known"
                    );
                }

                rela[address] = (BinaryPrimitives.ReadUInt64LittleEndian(chunk.AsSpan(at + 16)), offset + at + 16);
            }
        }
    }

    // An even word is an address; an odd one is a bit map of the 63 words that follow the last address.
    private void ReadRelr(ElfBytes bytes, (ulong Offset, ulong Length) table, ulong start, ulong end)
    {
        const int WordsOfMap = 63;
        ulong next = 0;
        foreach (var (_, chunk) in Chunks(bytes, table, 8))
        {
            for (var at = 0; at < chunk.Length; at += 8)
            {
                var word = BinaryPrimitives.ReadUInt64LittleEndian(chunk.AsSpan(at));
                if ((word & 1) == 0)
                {
                    Add(word, start, end);
                    next = unchecked(word + 8);
                    continue;
                }

                var mapEnd = unchecked(next + (WordsOfMap * 8));
                for (var bit = 0; bit < WordsOfMap && next < end && mapEnd > start; bit++)
                {
                    if ((word >> (bit + 1) & 1) != 0)
                        Add(unchecked(next + ((ulong)bit * 8)), start, end);
                }

                next = mapEnd;
            }
        }
    }

    private void Add(ulong address, ulong start, ulong end)
    {
        if (address >= start && address < end)
            relr.Add(address);
    }

    private static IEnumerable<(long Offset, byte[] Bytes)> Chunks(ElfBytes bytes, (ulong Offset, ulong Length) table, int row)
    {
        var most = (ulong)(65536 / row * row);
        for (ulong at = 0; at < table.Length; at += most)
        {
            yield return (
                (long)(table.Offset + at),
                bytes.Read(table.Offset + at, Math.Min(most, table.Length - at), most, "a relocation table")
            );
        }
    }

    private static Dictionary<ulong, ulong> ReadDynamic(ElfBytes bytes, ElfLayout layout)
    {
        var entries = new Dictionary<ulong, ulong>();
        if (layout.ProgramHeaders.FirstOrDefault(p => p.Type == ProgramHeader.Dynamic) is not { FileSize: > 0 } header)
            return entries;
        var table = bytes.Read(header.Offset, header.FileSize, MostDynamicBytes, "the dynamic table");
        for (var at = 0; at + DynamicBytes <= table.Length; at += DynamicBytes)
        {
            var tag = BinaryPrimitives.ReadUInt64LittleEndian(table.AsSpan(at));
            if (tag == 0)
                break;
            entries[tag] = BinaryPrimitives.ReadUInt64LittleEndian(table.AsSpan(at + 8));
        }

        return entries;
    }

    private static (ulong Offset, ulong Length)? Table(
        ElfLayout layout,
        Dictionary<ulong, ulong> dynamic,
        ulong tag,
        ulong sizeTag,
        ulong row,
        long fileLength
    )
    {
        if (!dynamic.TryGetValue(tag, out var address) || !dynamic.TryGetValue(sizeTag, out var length) || length == 0)
            return null;
        if (layout.OffsetOf(address) is not { } offset || length > (ulong)(fileLength - offset) || length % row != 0)
        {
            throw new ElfFormatException(
                0,
                $"the relocation table of {length} bytes lies outside the file, or is no whole number of rows",
                address
            );
        }

        return ((ulong)offset, length);
    }
}
