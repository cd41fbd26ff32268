namespace Gfxbake.Unit.Tests.Formats.Elf;

/// <summary>A dynamic symbol of an ElfBuilder; an import unless it is defined.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Version">The version that it wants of the library, or has itself, or null.</param>
/// <param name="Library">The library that must have the version, or null.</param>
/// <param name="Type">STT_: 2 is a function, 1 a variable.</param>
internal sealed record BuiltSymbol(string Name, string? Version = null, string? Library = null, int Type = 2)
{
    /// <summary>STB_: 1 is global, 2 weak.</summary>
    public int Binding { get; init; } = 1;

    public bool IsDefined { get; init; }

    /// <summary>DT_SYMTAB, DT_HASH, DT_VERSYM, DT_VERDEF and DT_VERNEED: tag with value, or with the bytes that it points to.</summary>
    public static IEnumerable<(ulong Tag, ulong Value, byte[]? Bytes)> Tables(IReadOnlyList<BuiltSymbol> symbols, Func<string, uint> add)
    {
        if (symbols.Count == 0)
            yield break;
        var wanted = symbols.Where(s => s.Library is not null).Select(s => (Library: s.Library!, Version: s.Version!)).Distinct().ToList();
        var own = symbols.Where(s => s.Library is null && s.Version is not null).Select(s => s.Version!).Distinct().ToList();
        yield return (
            6,
            0,
            [
                .. new byte[24],
                .. symbols.SelectMany(s =>
                    (byte[])
                        [.. U32(add(s.Name)), (byte)((s.Binding << 4) | s.Type), 0, .. U16((ushort)(s.IsDefined ? 5 : 0)), .. new byte[16]]
                ),
            ]
        );
        yield return (4, 0, [.. U32(1), .. U32((uint)symbols.Count + 1), .. new byte[4 * (symbols.Count + 2)]]);
        if (wanted.Count + own.Count == 0)
            yield break;
        ushort Index(BuiltSymbol s) =>
            (ushort)(
                s.Version is null ? 1
                : s.Library is null ? own.IndexOf(s.Version) + wanted.Count + 2
                : wanted.IndexOf((s.Library, s.Version)) + 2
            );
        yield return (0x6ffffff0, 0, [.. U16(0), .. symbols.SelectMany(s => U16(Index(s)))]);
        yield return (0x6ffffffd, (ulong)own.Count, null);
        yield return (
            0x6ffffffc,
            0,
            [
                .. own.SelectMany(
                    (version, i) =>
                        (byte[])
                            [
                                .. U16(1),
                                .. U16(0),
                                .. U16((ushort)(i + wanted.Count + 2)),
                                .. U16(1),
                                .. U32(0),
                                .. U32(20),
                                .. U32(i + 1 == own.Count ? 0u : 28u),
                                .. U32(add(version)),
                                .. U32(0),
                            ]
                ),
            ]
        );
        var libraries = wanted.GroupBy(w => w.Library).ToList();
        yield return (0x6fffffff, (ulong)libraries.Count, null);
        yield return (
            0x6ffffffe,
            0,
            [
                .. libraries.SelectMany(
                    (group, i) =>
                        (byte[])
                            [
                                .. U16(1),
                                .. U16((ushort)group.Count()),
                                .. U32(add(group.Key)),
                                .. U32(16),
                                .. U32(i + 1 == libraries.Count ? 0 : (uint)(16 + (16 * group.Count()))),
                                .. group.SelectMany(
                                    (w, j) =>
                                        (byte[])
                                            [
                                                .. U32(0),
                                                .. U16(0),
                                                .. U16((ushort)(wanted.IndexOf(w) + 2)),
                                                .. U32(add(w.Version)),
                                                .. U32(j + 1 == group.Count() ? 0u : 16u),
                                            ]
                                ),
                            ]
                ),
            ]
        );
    }

    private static byte[] U16(ushort value) => BitConverter.GetBytes(value);

    private static byte[] U32(uint value) => BitConverter.GetBytes(value);
}
