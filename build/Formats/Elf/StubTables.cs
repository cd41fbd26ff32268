using System.Buffers.Binary;
using System.Numerics;
using System.Text;

namespace Gfxbake.Formats.Elf;

/// <summary>The tables by which the loader finds a stand-in's functions and versions.</summary>
/// <remarks>Format: as for the reader; .gnu.hash: binutils, "elfxx-hash", and glibc's dl-lookup.c.</remarks>
internal sealed class StubTables
{
    private const int SymbolSize = 24,
        BloomShift = 26;
    private const ushort Hidden = 0x8000,
        Global = 1;

    private readonly Dictionary<string, ulong> places = new(StringComparer.Ordinal);
    private readonly List<byte> strings = [0];
    private readonly List<string> versions;
    private readonly uint buckets;

    // In the order of the hash table's buckets.
    private readonly List<StubSymbol> symbols;
    private readonly HashSet<StubSymbol> data;

    public StubTables(StubLibrary library)
    {
        buckets = (uint)Math.Max(1, (library.Functions.Count + library.Data.Count) / 4);
        data = [.. library.Data];
        symbols =
        [
            .. library
                .Functions.Concat(library.Data)
                .OrderBy(f => HashOf(f.Name) % buckets)
                .ThenBy(f => f.Name, StringComparer.Ordinal)
                .ThenBy(f => f.Version, StringComparer.Ordinal),
        ];
        Functions = [.. symbols.Where(s => !data.Contains(s))];
        versions =
        [
            .. library
                .Versions.Concat(symbols.Select(f => f.Version).OfType<string>())
                .Distinct(StringComparer.Ordinal)
                .Order(StringComparer.Ordinal),
        ];
        SoName = AddString(library.SoName);
        foreach (var text in symbols.Select(f => f.Name).Concat(versions))
            AddString(text);
    }

    /// <summary>In the order of their code.</summary>
    public IReadOnlyList<StubSymbol> Functions { get; }

    /// <summary>Where the library's name stands in the strings.</summary>
    public ulong SoName { get; }

    public bool HasVersions => versions.Count > 0;

    /// <summary>With the one that names the library itself.</summary>
    public int DefinitionCount => versions.Count + 1;

    public int SymbolBytes => (symbols.Count + 1) * SymbolSize;

    public byte[] Strings() => [.. strings];

    public ulong StringAt(string text) => places[text];

    /// <param name="code">Where the functions are: address and section.</param>
    /// <param name="variables">Where the variables are.</param>
    public byte[] Symbols((ulong Address, int Section) code, (ulong Address, int Section) variables)
    {
        var bytes = new byte[SymbolBytes];
        for (var i = 0; i < symbols.Count; i++)
        {
            var isData = data.Contains(symbols[i]);
            ref var place = ref isData ? ref variables : ref code;
            var size = isData ? StubWriter.DataSize : StubCode.FunctionSize;
            var row = bytes.AsSpan((i + 1) * SymbolSize);
            BinaryPrimitives.WriteUInt32LittleEndian(row, (uint)StringAt(symbols[i].Name));
            row[4] = (byte)((1 << 4) | (isData ? 1 : 2)); // STB_GLOBAL; STT_OBJECT, STT_FUNC
            BinaryPrimitives.WriteUInt16LittleEndian(row[6..], (ushort)place.Section);
            BinaryPrimitives.WriteUInt64LittleEndian(row[8..], place.Address);
            BinaryPrimitives.WriteUInt64LittleEndian(row[16..], (ulong)size);
            place.Address += (ulong)size;
        }

        return bytes;
    }

    public byte[] Hash()
    {
        var words = BitOperations.RoundUpToPowerOf2((uint)Math.Max(1, symbols.Count * 12 / 64));
        var bloom = new ulong[words];
        var heads = new uint[buckets];
        var chain = new uint[symbols.Count];
        for (var i = 0; i < chain.Length; i++)
        {
            var hash = HashOf(symbols[i].Name);
            bloom[hash / 64 % words] |= (1UL << (int)(hash % 64)) | (1UL << (int)((hash >> BloomShift) % 64));
            var bucket = hash % buckets;
            if (heads[bucket] == 0)
                heads[bucket] = (uint)i + 1;
            var isLast = i + 1 == chain.Length || HashOf(symbols[i + 1].Name) % buckets != bucket;
            chain[i] = isLast ? hash | 1 : hash & ~1u;
        }

        return
        [
            .. U32(buckets),
            .. U32(1),
            .. U32(words),
            .. U32(BloomShift),
            .. bloom.SelectMany(BitConverter.GetBytes),
            .. heads.SelectMany(U32),
            .. chain.SelectMany(U32),
        ];
    }

    /// <summary>The version of each symbol.</summary>
    public byte[] Indexes() => [.. U16(0), .. symbols.SelectMany(f => U16(IndexOf(f)))];

    /// <summary>The versions: each a row and a name, the library's own name first.</summary>
    public byte[] Definitions()
    {
        const int Row = 20,
            Size = Row + 8;
        var bytes = new List<byte>();
        for (var i = 0; i < DefinitionCount; i++)
        {
            var (isBase, isLast) = (i == 0, i + 1 == DefinitionCount);
            var text = isBase ? Encoding.UTF8.GetString([.. strings.Skip((int)SoName).TakeWhile(b => b != 0)]) : versions[i - 1];
            bytes.AddRange([.. U16(1), .. U16((ushort)(isBase ? 1 : 0)), .. U16((ushort)(i + 1)), .. U16(1), .. U32(SysvHashOf(text))]);
            bytes.AddRange([.. U32(Row), .. U32(isLast ? 0u : Size), .. U32((uint)StringAt(text)), .. U32(0)]);
        }

        return [.. bytes];
    }

    private ushort IndexOf(StubSymbol function) =>
        function.Version is null
            ? Global
            : (ushort)(versions.BinarySearch(function.Version, StringComparer.Ordinal) + 2 | (function.IsDefault ? 0 : Hidden));

    private ulong AddString(string text)
    {
        if (!places.TryGetValue(text, out var at))
        {
            places.Add(text, at = (ulong)strings.Count);
            strings.AddRange(Encoding.UTF8.GetBytes(text));
            strings.Add(0);
        }

        return at;
    }

    private static uint HashOf(string name)
    {
        var hash = 5381u;
        foreach (var b in Encoding.UTF8.GetBytes(name))
            hash = unchecked((hash * 33) + b);
        return hash;
    }

    private static uint SysvHashOf(string name)
    {
        var hash = 0u;
        foreach (var b in Encoding.UTF8.GetBytes(name))
        {
            hash = unchecked((hash << 4) + b);
            hash = (hash ^ (hash >> 24 & 0xf0)) & 0x0fffffff;
        }

        return hash;
    }

    private static byte[] U16(ushort value) => BitConverter.GetBytes(value);

    private static byte[] U32(uint value) => BitConverter.GetBytes(value);
}
