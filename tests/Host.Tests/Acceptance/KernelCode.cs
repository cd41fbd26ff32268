using System.Buffers.Binary;
using System.Text;
using Gfxbake.Formats.Offload;

namespace Gfxbake.Host.Tests.Acceptance;

/// <summary>
/// Changes the code of kernels in plain code objects, a library's or those of a file that is nothing else; every header and table stays as
/// it was.
/// </summary>
internal static class KernelCode
{
    private const int SectionBytes = 64,
        SymbolBytes = 24;

    private const uint DynamicSymbols = 11,
        NoBits = 8;

    /// <summary>Takes the code of a kernel, changes it there, and says whether it did.</summary>
    public delegate bool Change(Span<byte> code);

    /// <summary>Cuts out each function whose name begins so.</summary>
    /// <returns>The names.</returns>
    public static IReadOnlyList<string> Cut(string file, TargetId target, string beginning) =>
        Edit(
            file,
            target,
            beginning,
            code =>
            {
                code.Clear();
                return true;
            }
        );

    /// <summary>Changes each function whose name begins so.</summary>
    /// <returns>The names of those that were changed.</returns>
    public static IReadOnlyList<string> Edit(string file, TargetId target, string beginning, Change change)
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.ReadWrite);
        var bundles = FatBinaryReader.TryRead(stream)?.Bundles ?? [LooseCode.TryRead(stream)!.Bundle];
        var names = new List<string>();
        foreach (var bundle in bundles.Where(b => b.Compression is null))
        {
            foreach (var entry in bundle.Entries.Where(e => e.Target == target))
            {
                var code = new byte[entry.Size];
                stream.Position = bundle.Offset + entry.Offset;
                stream.ReadExactly(code);
                var changed = Edit(code, beginning, change);
                names.AddRange(changed);
                stream.Position = bundle.Offset + entry.Offset;
                if (changed.Count > 0)
                    stream.Write(code);
            }
        }

        return names;
    }

    private static List<string> Edit(Span<byte> code, string beginning, Change change)
    {
        var changed = new List<string>();
        var sections = Sections(code);
        var symbols = sections.Single(s => s.Type == DynamicSymbols);
        for (var at = symbols.Offset; at < symbols.Offset + symbols.Size; at += SymbolBytes)
        {
            var (address, size) = (Number(code, at + 8), Number(code, at + 16));
            var name = Text(code[(sections[symbols.Link].Offset + BinaryPrimitives.ReadInt32LittleEndian(code[at..]))..]);
            if (!name.StartsWith(beginning, StringComparison.Ordinal) || name.EndsWith(".kd", StringComparison.Ordinal))
                continue;
            var section = sections.Single(s => s.Address > 0 && s.Type != NoBits && s.Address <= address && address < s.Address + s.Size);
            var start = section.Offset + address - section.Address;
            // rocBLAS's assembler gives no sizes; the section ends somewhere.
            if (change(size > 0 ? code.Slice(start, size) : code[start..(section.Offset + section.Size)]))
                changed.Add(name);
        }

        return changed;
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
