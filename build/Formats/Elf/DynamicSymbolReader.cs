using System.Text;

namespace Gfxbake.Formats.Elf;

/// <summary>Reads DT_SYMTAB with DT_VERSYM, DT_VERNEED and DT_VERDEF.</summary>
/// <remarks>Format: System V ABI, chapter 5; the versions: Linux Standard Base, "Symbol Versioning".</remarks>
internal sealed class DynamicSymbolReader(ElfBytes bytes, ElfFile elf)
{
    private const ulong HashTag = 4,
        SymbolsTag = 6,
        GnuHashTag = 0x6ffffef5,
        VersionsTag = 0x6ffffff0,
        DefinitionsTag = 0x6ffffffc,
        DefinitionCountTag = 0x6ffffffd,
        NeedsTag = 0x6ffffffe,
        NeedCountTag = 0x6fffffff;
    private const int SymbolSize = 24,
        SectionSize = 64;
    private const uint DynamicSymbolSection = 11;
    private const ushort Weak = 2;

    // libtorch has some 200,000 symbols; names share bytes, so that a small file could name gigabytes.
    private const uint MostSymbols = 1 << 20;
    private const long MostNameBytes = 128L << 20,
        MostStringBytes = 64L << 20;
    private const int MostVersions = 1 << 15;

    private readonly Dictionary<int, (string Version, string? Library)> versions = [];
    private readonly List<NeededVersion> needed = [];
    private readonly List<string> defined = [];
    private DynamicTable table = null!;

    public DynamicSymbols Read()
    {
        if (DynamicTable.Read(bytes, elf.Segments) is not { } dynamic || dynamic.Find(SymbolsTag) is not { } symbols)
            return new();

        table = dynamic;
        var (start, end) = table.RangeOf(symbols.Value, symbols.At, "the dynamic symbols");
        var count = CountOf(symbols.Value);
        if (count > MostSymbols)
            throw new ElfFormatException(symbols.At, $"more than {MostSymbols} dynamic symbols", count);
        if (count * SymbolSize > (ulong)(end - start))
            throw new ElfFormatException(symbols.At, "the dynamic symbols are more than their PT_LOAD holds", count);

        ReadNeeds();
        ReadDefinitions();
        return Interpret(bytes.Read((ulong)start, count * SymbolSize, MostSymbols * SymbolSize, "the dynamic symbols"), symbols.At);
    }

    private DynamicSymbols Interpret(byte[] rows, long at)
    {
        var (imports, exports) = (new List<ImportedSymbol>(), new List<ExportedSymbol>());
        var indexes = Indexes(rows.Length / SymbolSize);
        var (start, end) = table.Strings(at);
        var names = bytes.Read((ulong)start, (ulong)Math.Min(end - start, MostStringBytes), MostStringBytes, "the names of symbols");
        var total = 0L;

        // The first row is empty.
        for (var i = 1; i < rows.Length / SymbolSize; i++)
        {
            var row = rows.AsSpan(i * SymbolSize, SymbolSize);
            var (binding, kind) = (row[4] >> 4, KindOf(row[4] & 15));
            if (binding == 0)
                continue;
            var name = Name(names, ElfBytes.U32(row, 0), at);
            total += name.Length;
            if (total > MostNameBytes)
                throw new ElfFormatException(at, $"the names of symbols are longer than {MostNameBytes} bytes", (ulong)total);

            var index = indexes?[i] ?? 1;
            var (version, library) = VersionOf(index, at);
            var isDefined = ElfBytes.U16(row, 6) != 0;
            if (!isDefined || library is not null)
                imports.Add(new(name, version, library, kind, IsWeak: binding == 2, IsCopy: isDefined));
            else if ((row[5] & 3) is 0 or 3)
                exports.Add(new(name, version, (index & 0x8000) == 0, kind));
        }

        return new DynamicSymbols
        {
            Imports = imports,
            Exports = exports,
            NeededVersions = needed,
            DefinedVersions = defined,
            HasVersionTable = indexes is not null,
            FirstVersion = versions.TryGetValue(2, out var second) && second.Library is null ? second.Version : null,
        };
    }

    private ushort[]? Indexes(int count)
    {
        if (table.Find(VersionsTag) is not { } found)
            return null;
        var (start, end) = table.RangeOf(found.Value, found.At, "the versions of symbols");
        if (count * 2L > end - start)
            throw new ElfFormatException(found.At, "the versions of symbols are more than their PT_LOAD holds", (ulong)count);
        var words = bytes.Read((ulong)start, (ulong)count * 2, MostSymbols * 2, "the versions of symbols");
        return [.. Enumerable.Range(0, count).Select(i => ElfBytes.U16(words, i * 2))];
    }

    // 0 is local, 1 global without a version.
    private (string? Version, string? Library) VersionOf(ushort index, long at)
    {
        index &= 0x7fff;
        return index <= 1 && !versions.ContainsKey(index) ? (null, null)
            : versions.TryGetValue(index, out var known) ? known
            : throw new ElfFormatException(at, "a symbol has a version that no table gives", index);
    }

    private void ReadNeeds()
    {
        if (table.Find(NeedsTag) is not { } found)
            return;
        Walk(
            found,
            table.Find(NeedCountTag)?.Value ?? 0,
            nextAt: 12,
            (row, at, range) =>
            {
                var library = table.String(ElfBytes.U32(row, 4), at);
                var aux = at + ElfBytes.U32(row, 8);
                for (var left = ElfBytes.U16(row, 2); left > 0; left--)
                {
                    var version = Row(aux, range);
                    var name = table.String(ElfBytes.U32(version, 8), aux);
                    needed.Add(new(library, name, (ElfBytes.U16(version, 4) & Weak) != 0));
                    AddVersion(ElfBytes.U16(version, 6) & 0x7fff, name, library, aux);
                    aux += ElfBytes.U32(version, 12);
                }
            }
        );
    }

    private void ReadDefinitions()
    {
        if (table.Find(DefinitionsTag) is not { } found)
            return;
        Walk(
            found,
            table.Find(DefinitionCountTag)?.Value ?? 0,
            nextAt: 16,
            (row, at, range) =>
            {
                // The first one names the file itself.
                const ushort Base = 1;
                if ((ElfBytes.U16(row, 2) & Base) != 0 || ElfBytes.U16(row, 6) == 0)
                    return;
                var aux = at + ElfBytes.U32(row, 12);
                var name = table.String(ElfBytes.U32(Row(aux, range, 8), 0), aux);
                defined.Add(name);
                AddVersion(ElfBytes.U16(row, 4) & 0x7fff, name, null, aux);
            }
        );
    }

    private void Walk((ulong Value, long At) found, ulong count, int nextAt, Action<byte[], long, (long Start, long End)> read)
    {
        var range = table.RangeOf(found.Value, found.At, "the versions");
        if (count > MostVersions)
            throw new ElfFormatException(found.At, $"more than {MostVersions} versions", count);
        var at = range.Start;
        for (; count > 0; count--)
        {
            var row = Row(at, range, nextAt + 4);
            read(row, at, range);
            var next = ElfBytes.U32(row, nextAt);
            if (next == 0)
                return;
            at += next;
        }
    }

    private byte[] Row(long at, (long Start, long End) range, int size = 16) =>
        at >= range.Start && at + size <= range.End
            ? bytes.Read((ulong)at, (ulong)size, (ulong)size, "a version")
            : throw new ElfFormatException(at, "a version lies outside its PT_LOAD", (ulong)at);

    private void AddVersion(int index, string version, string? library, long at)
    {
        if (needed.Count > MostVersions || defined.Count > MostVersions || versions.Count > MostVersions)
            throw new ElfFormatException(at, $"more than {MostVersions} versions", MostVersions);
        versions[index] = (version, library);
    }

    /// <summary>
    /// Nothing says how many dynamic symbols there are: hash tables know those that others can find, section headers, which a file may
    /// lack, know all.
    /// </summary>
    private ulong CountOf(ulong address)
    {
        var count = Math.Max(CountOfSections(address), Math.Max(CountOfHash(), CountOfGnuHash()));
        if (count > 1 || table.Find(5) is not { } strings || strings.Value <= address)
            return count;
        // A program that exports nothing, without section headers: every linker puts the strings behind the symbols.
        return (strings.Value - address) / SymbolSize;
    }

    private ulong CountOfSections(ulong address)
    {
        var (offset, count, _, entrySize) = elf.SectionTable;
        if (entrySize != SectionSize || offset > (ulong)bytes.Length || (ulong)count * SectionSize > (ulong)bytes.Length - offset)
            return 0;
        foreach (var row in bytes.Read(offset, (ulong)count * SectionSize, ulong.MaxValue, "the section header table").Chunk(SectionSize))
        {
            if (ElfBytes.U32(row, 4) == DynamicSymbolSection && ElfBytes.U64(row, 16) == address)
                return ElfBytes.U64(row, 32) / SymbolSize;
        }

        return 0;
    }

    private ulong CountOfHash()
    {
        if (table.Find(HashTag) is not { } found)
            return 0;
        var (start, _) = table.RangeOf(found.Value, found.At, "the hash table");
        return ElfBytes.U32(bytes.Read((ulong)start, 8, 8, "the hash table"), 4);
    }

    private ulong CountOfGnuHash()
    {
        if (table.Find(GnuHashTag) is not { } found)
            return 0;
        var (start, end) = table.RangeOf(found.Value, found.At, "the GNU hash table");
        var head = bytes.Read((ulong)start, 16, 16, "the GNU hash table");
        var (buckets, first, words) = (ElfBytes.U32(head, 0), ElfBytes.U32(head, 4), ElfBytes.U32(head, 8));
        if (buckets > MostSymbols || first > MostSymbols || words > MostSymbols)
            throw new ElfFormatException(start, "the GNU hash table is larger than any that is known", Math.Max(buckets, words));
        var bucketsAt = start + 16 + (words * 8L);
        var table32 = bytes.Read((ulong)bucketsAt, buckets * 4, MostSymbols * 4, "the GNU hash table");
        var last = Enumerable.Range(0, (int)buckets).Select(i => ElfBytes.U32(table32, i * 4)).DefaultIfEmpty().Max();
        if (last < first)
            return first;

        // The last chain ends with the last symbol, whose hash has the lowest bit set.
        const int Block = 1024;
        for (long at = bucketsAt + table32.Length + ((last - first) * 4L); last < MostSymbols; at += Block)
        {
            var chain = bytes.Read((ulong)at, (ulong)Math.Clamp(end - at, 0, Block) / 4 * 4, Block, "the GNU hash table");
            for (var i = 0; i < chain.Length; i += 4, last++)
            {
                if ((ElfBytes.U32(chain, i) & 1) != 0)
                    return last + 1UL;
            }

            if (chain.Length < Block)
                throw new ElfFormatException(at, "the GNU hash table has no end", last);
        }

        return last;
    }

    private static SymbolKind KindOf(int type) =>
        type switch
        {
            2 or 10 => SymbolKind.Function, // STT_FUNC, STT_GNU_IFUNC
            1 or 5 => SymbolKind.Data, // STT_OBJECT, STT_COMMON
            6 => SymbolKind.ThreadData,
            _ => SymbolKind.Other,
        };

    private static string Name(byte[] names, uint index, long at)
    {
        if (index >= names.Length)
            throw new ElfFormatException(at, "a symbol's name lies outside the dynamic string table", index);
        var rest = names.AsSpan((int)index);
        var end = rest.IndexOf((byte)0);
        return end < 0
            ? throw new ElfFormatException(at, "a symbol's name has no terminating NUL", index)
            : Encoding.UTF8.GetString(rest[..end]);
    }
}
