using Gfxbake.Formats.Images;
using Gfxbake.Formats.Tar;

namespace Gfxbake.Formats.Elf;

/// <summary>A file as the loader sees it; its symbols are read when somebody asks for them.</summary>
internal sealed class LoadedFile
{
    private readonly IFileTree tree;
    private readonly ImageEntry entry;
    private readonly Lazy<(DynamicSymbols Symbols, string? Broken)> symbols;
    private readonly Lazy<HashSet<string>> versions;
    private readonly Lazy<ILookup<string, ExportedSymbol>> exports;

    private LoadedFile(IFileTree tree, ImageEntry entry)
    {
        (this.tree, this.entry) = (tree, entry);
        symbols = new(ReadSymbols);
        versions = new(() => Symbols.DefinedVersions.ToHashSet(StringComparer.Ordinal));
        exports = new(() => Symbols.Exports.ToLookup(e => e.Name, StringComparer.Ordinal));
    }

    /// <summary>Null when it is no ELF file or a broken one.</summary>
    public ElfFile? Elf { get; private init; }

    /// <summary>What is wrong with it, or null.</summary>
    public string? Broken { get; private init; }

    /// <summary>ELF for another class or machine: the loader passes over it, and over nothing else.</summary>
    public bool IsForeign => Elf is { IsForeign: true };

    public DynamicSymbols Symbols => symbols.Value.Symbols;

    public string? SymbolsBroken => symbols.Value.Broken;

    public IReadOnlySet<string> Versions => versions.Value;

    public static LoadedFile Read(IFileTree tree, ImageEntry entry)
    {
        try
        {
            using var stream = tree.OpenFile(entry);
            return new(tree, entry) { Elf = ElfFile.TryRead(stream) };
        }
        catch (Exception error) when (error is ElfFormatException or IOException)
        {
            return new(tree, entry) { Broken = error.Message };
        }
    }

    /// <summary>Whether a reference to a symbol is bound to this file.</summary>
    public bool Has(string name, string? version)
    {
        foreach (var export in exports.Value[name])
        {
            // Who names a version gets that one, or one from before the library had any; who names none gets its first or default.
            if (export.Version is null ? export.IsDefault || version is null : export.Version == version)
                return true;
            if (version is null && (export.Version == Symbols.FirstVersion || export.IsDefault))
                return true;
        }

        return false;
    }

    private (DynamicSymbols Symbols, string? Broken) ReadSymbols()
    {
        try
        {
            using var stream = tree.OpenFile(entry);
            return (DynamicSymbols.Read(stream, Elf!), null);
        }
        catch (Exception error) when (error is ElfFormatException or IOException)
        {
            return (new(), error.Message);
        }
    }
}
