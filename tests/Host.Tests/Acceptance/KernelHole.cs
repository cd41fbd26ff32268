using System.Buffers.Binary;
using System.Text;
using Gfxbake.Formats.Offload;

namespace Gfxbake.Host.Tests.Acceptance;

/// <summary>Zeroes the code of kernels in a library's plain code objects; every header and table stays as it was.</summary>
internal static class KernelHole
{
    private const int SectionBytes = 64,
        SymbolBytes = 24;

    private const uint DynamicSymbols = 11,
        NoBits = 8;

    /// <summary>Cuts out each function whose name begins so.</summary>
    /// <returns>The names.</returns>
    public static IReadOnlyList<string> Cut(string file, TargetId target, string beginning)
    {
        using var library = new FileStream(file, FileMode.Open, FileAccess.ReadWrite);
        var names = new List<string>();
        foreach (var bundle in FatBinaryReader.TryRead(library)!.Bundles.Where(b => b.Compression is null))
        {
            foreach (var entry in bundle.Entries.Where(e => e.Target == target))
            {
                var code = new byte[entry.Size];
                library.Position = bundle.Offset + entry.Offset;
                library.ReadExactly(code);
                var cut = Cut(code, beginning);
                names.AddRange(cut);
                library.Position = bundle.Offset + entry.Offset;
                if (cut.Count > 0)
                    library.Write(code);
            }
        }

        return names;
    }

    private static List<string> Cut(Span<byte> code, string beginning)
    {
        var cut = new List<string>();
        var sections = Sections(code);
        var symbols = sections.Single(s => s.Type == DynamicSymbols);
        for (var at = symbols.Offset; at < symbols.Offset + symbols.Size; at += SymbolBytes)
        {
            var (address, size) = (Number(code, at + 8), Number(code, at + 16));
            var name = Text(code[(sections[symbols.Link].Offset + BinaryPrimitives.ReadInt32LittleEndian(code[at..]))..]);
            if (!name.StartsWith(beginning, StringComparison.Ordinal) || name.EndsWith(".kd", StringComparison.Ordinal))
                continue;
            var section = sections.Single(s => s.Address > 0 && s.Type != NoBits && s.Address <= address && address < s.Address + s.Size);
            code.Slice(section.Offset + address - section.Address, size).Clear();
            cut.Add(name);
        }

        return cut;
    }

    private static List<Section> Sections(ReadOnlySpan<byte> code)
    {
        var (table, count) = (Number(code, 40), BinaryPrimitives.ReadUInt16LittleEndian(code[60..]));
        var sections = new List<Section>();
        for (var i = 0; i < count; i++)
        {
            var row = code.Slice(table + i * SectionBytes, SectionBytes);
            sections.Add(
                new(
                    BinaryPrimitives.ReadUInt32LittleEndian(row[4..]),
                    Number(row, 16),
                    Number(row, 24),
                    Number(row, 32),
                    BinaryPrimitives.ReadInt32LittleEndian(row[40..])
                )
            );
        }

        return sections;
    }

    private static int Number(ReadOnlySpan<byte> bytes, int at) => checked((int)BinaryPrimitives.ReadUInt64LittleEndian(bytes[at..]));

    private static string Text(ReadOnlySpan<byte> bytes) => Encoding.ASCII.GetString(bytes[..bytes.IndexOf((byte)0)]);

    private readonly record struct Section(uint Type, int Address, int Offset, int Size, int Link);
}
