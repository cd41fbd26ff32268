using System.Buffers.Binary;
using Gfxbake.Formats.Elf;

namespace Gfxbake.Formats.Offload;

/// <summary>Finds the HIP code for GPUs in an ELF file.</summary>
public static class FatBinaryReader
{
    public const string CodeSection = ".hip_fatbin",
        WrapperSection = ".hipFatBinSegment";

    private const uint WrapperMagic = 0x48495046; // "HIPF"
    private const int WrapperBytes = 24,
        MostWrappers = 1 << 16;

    /// <summary>Null when the file is not a native ELF file, or has no code for GPUs.</summary>
    /// <param name="stream">Seekable; only headers are read, of compressed bundles as much as their table needs.</param>
    /// <exception cref="ElfFormatException">The ELF tables are broken.</exception>
    /// <exception cref="OffloadFormatException">The code is not laid out as its format says.</exception>
    public static FatBinary? TryRead(Stream stream)
    {
        if (ElfFile.TryRead(stream) is not { IsForeign: false })
            return null;
        var layout = ElfLayout.Read(stream);
        var code = Section(layout, CodeSection);
        // A file of debug information has the section's header without its bytes.
        if (code is null || code.Length == 0 || code.Type == SectionHeader.NoBits)
            return null;
        if (code.Offset > (ulong)layout.FileLength || code.Length > (ulong)layout.FileLength - code.Offset)
            throw new OffloadFormatException((long)Math.Min(code.Offset, long.MaxValue), $"{CodeSection} lies outside the file");
        if (
            layout.OffsetOf(code.Address) != (long)code.Offset
            || layout.OffsetOf(code.Address + code.Length - 1) != (long)(code.Offset + code.Length - 1)
        )
        {
            throw new OffloadFormatException((long)code.Offset, $"no PT_LOAD brings {CodeSection} to its address");
        }

        var wrappers = ReadWrappers(stream, layout, code);
        return new FatBinary
        {
            Layout = layout,
            Section = code,
            Wrappers = wrappers,
            Bundles = ReadBundles(stream, code, wrappers),
        };
    }

    private static List<FatBinaryWrapper> ReadWrappers(Stream stream, ElfLayout layout, SectionHeader code)
    {
        if (Section(layout, WrapperSection) is not { } section || section.Length == 0)
            return [];
        if (section.Length % WrapperBytes != 0 || section.Length / WrapperBytes > MostWrappers)
        {
            throw new OffloadFormatException(
                (long)section.Offset,
                $"{WrapperSection} has {section.Length} bytes; records of {WrapperBytes}, at most {MostWrappers} of them, are sensible"
            );
        }

        if (
            layout.OffsetOf(section.Address) != (long)section.Offset
            || layout.OffsetOf(section.Address + section.Length - 1) != (long)(section.Offset + section.Length - 1)
        )
        {
            throw new OffloadFormatException((long)section.Offset, $"no PT_LOAD brings {WrapperSection} to its address");
        }

        var bytes = new ElfBytes(stream).Read(section.Offset, section.Length, MostWrappers * WrapperBytes, WrapperSection);
        var relocations = RelativeRelocations.Read(stream, layout, section.Address, section.Address + section.Length);
        var wrappers = new List<FatBinaryWrapper>();
        for (var at = 0; at < bytes.Length; at += WrapperBytes)
        {
            wrappers.Add(
                ReadWrapper(
                    bytes.AsSpan(at, WrapperBytes),
                    (long)section.Offset + at,
                    section.Address + (ulong)at,
                    relocations,
                    layout,
                    code
                )
            );
        }

        return wrappers;
    }

    private static FatBinaryWrapper ReadWrapper(
        ReadOnlySpan<byte> row,
        long offset,
        ulong address,
        RelativeRelocations relocations,
        ElfLayout layout,
        SectionHeader code
    )
    {
        var (magic, version) = (BinaryPrimitives.ReadUInt32LittleEndian(row), BinaryPrimitives.ReadUInt32LittleEndian(row[4..]));
        if (magic != WrapperMagic || version != 1)
        {
            throw new OffloadFormatException(
                offset,
                $"a record of {WrapperSection} has magic 0x{magic:x} and version {version}; 0x{WrapperMagic:x} and 1 are known"
            );
        }

        var inPlace = BinaryPrimitives.ReadUInt64LittleEndian(row[8..]);
        var (known, addend, addendOffset) = relocations.At(address + 8);
        if (!known && layout.Type != ElfLayout.Executable)
            throw new OffloadFormatException(offset + 8, $"no RELATIVE relocation sets the pointer of a record of {WrapperSection}");
        var target = addendOffset is null ? inPlace : addend;
        if (target < code.Address || target - code.Address >= code.Length)
            throw new OffloadFormatException(offset + 8, $"a record of {WrapperSection} points to 0x{target:x}, outside {CodeSection}");
        return new FatBinaryWrapper(offset + 8, addendOffset, target);
    }

    private static List<OffloadBundle> ReadBundles(Stream stream, SectionHeader code, List<FatBinaryWrapper> wrappers)
    {
        var starts = wrappers.Select(w => w.Address).Distinct().Order().ToList();
        var bundles = new List<OffloadBundle>(starts.Count);
        for (var i = 0; i < starts.Count; i++)
        {
            var end = i + 1 < starts.Count ? starts[i + 1] : code.Address + code.Length;
            bundles.Add(ReadBundle(stream, starts[i], (long)(code.Offset + (starts[i] - code.Address)), (long)(end - starts[i])));
        }

        return bundles;
    }

    internal static OffloadBundle ReadBundle(Stream stream, ulong address, long offset, long slot)
    {
        Span<byte> head = stackalloc byte[CompressedHeader.LongestBytes];
        stream.Position = offset;
        head = head[..stream.ReadAtLeast(head, (int)Math.Min(head.Length, slot), throwOnEndOfStream: false)];
        var bundle = new OffloadBundle
        {
            Address = address,
            Offset = offset,
            Slot = slot,
            Entries = [],
        };
        if (head.StartsWith(BundleTable.Magic))
        {
            stream.Position = offset;
            return bundle with { Entries = BundleTable.Read(stream, slot, offset).Entries };
        }

        if (!head.StartsWith(CompressedHeader.Magic))
            throw new OffloadFormatException(offset, "a bundle has an unknown magic");
        bundle = bundle with { Compression = CompressedHeader.Read(head, slot, offset) };
        using var content = new BundleStream(stream, bundle);
        return bundle with { Entries = BundleTable.Read(content, content.Length, offset).Entries };
    }

    private static SectionHeader? Section(ElfLayout layout, string name)
    {
        var found = layout.SectionHeaders.Where(s => s.Name == name).ToList();
        return found.Count <= 1
            ? found.FirstOrDefault()
            : throw new OffloadFormatException((long)Math.Min(found[1].Offset, long.MaxValue), $"there are two sections {name}");
    }
}
