namespace Gfxbake.Formats.Elf;

public enum SymbolKind
{
    /// <summary>STT_NOTYPE and what no program uses.</summary>
    Other,
    Function,

    /// <summary>A variable, whose bytes the importer reads or copies.</summary>
    Data,

    /// <summary>A variable of each thread.</summary>
    ThreadData,
}

/// <summary>What a file wants of others.</summary>
/// <param name="Name">The symbol.</param>
/// <param name="Version">Its version; null where it names none.</param>
/// <param name="Library">DT_NEEDED name of the library that must have the version; null where it names none.</param>
/// <param name="Kind">As the linker saw it; Other where it saw no library that has it.</param>
/// <param name="IsWeak">Whether the loader goes on without it.</param>
/// <param name="IsCopy">Whether a program has room for it itself, into which the loader copies the library's bytes.</param>
public sealed record ImportedSymbol(string Name, string? Version, string? Library, SymbolKind Kind, bool IsWeak, bool IsCopy);

/// <summary>What a file has for others.</summary>
/// <param name="Name">The symbol.</param>
/// <param name="Version">Its version, or null.</param>
/// <param name="IsDefault">Whether who names no version gets it.</param>
/// <param name="Kind">What it is.</param>
public sealed record ExportedSymbol(string Name, string? Version, bool IsDefault, SymbolKind Kind);

/// <summary>A version that the loader demands of a library before anything runs.</summary>
/// <param name="Library">DT_NEEDED name of the library.</param>
/// <param name="Version">The version.</param>
/// <param name="IsWeak">Whether the loader goes on without it.</param>
public sealed record NeededVersion(string Library, string Version, bool IsWeak = false);

/// <summary>The dynamic symbols of a file, with their versions.</summary>
public sealed record DynamicSymbols
{
    public IReadOnlyList<ImportedSymbol> Imports { get; init; } = [];

    public IReadOnlyList<ExportedSymbol> Exports { get; init; } = [];

    public IReadOnlyList<NeededVersion> NeededVersions { get; init; } = [];

    /// <summary>The versions that it has for others, also those without a symbol; none: it has no versions at all.</summary>
    public IReadOnlyList<string> DefinedVersions { get; init; } = [];

    /// <summary>Whether its symbols have versions at all, its own or others'.</summary>
    public bool HasVersionTable { get; init; }

    /// <summary>The one of its versions that who names none gets too, also where it is hidden; null where it has none.</summary>
    public string? FirstVersion { get; init; }

    /// <summary>Reads a stream that <see cref="ElfFile.TryRead"/> read; nothing of a foreign file or one without dynamic symbols.</summary>
    /// <exception cref="ElfFormatException">A table is malformed or larger than any that is known.</exception>
    public static DynamicSymbols Read(Stream stream, ElfFile elf) =>
        elf.IsForeign ? new() : new DynamicSymbolReader(new ElfBytes(stream), elf).Read();
}
