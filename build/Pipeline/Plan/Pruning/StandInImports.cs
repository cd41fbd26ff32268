using Gfxbake.Formats.Elf;

namespace Gfxbake.Pipeline.Plan.Pruning;

/// <summary>Collects what files import of one library, with the versions under which the library has it.</summary>
internal sealed class StandInImports(DynamicSymbols library)
{
    private readonly ILookup<string, ExportedSymbol> exports = library.Exports.ToLookup(e => e.Name, StringComparer.Ordinal);

    /// <summary>As a linker writes them.</summary>
    public SortedSet<string> Functions { get; } = new(StringComparer.Ordinal);

    /// <summary>Versions that the loader demands.</summary>
    public SortedSet<string> Versions { get; } = new(StringComparer.Ordinal);

    /// <summary>Variables, which no function can stand in for.</summary>
    public SortedSet<string> Data { get; } = new(StringComparer.Ordinal);

    /// <param name="symbols">Those of a file that needs the library.</param>
    /// <param name="names">The names by which it needs it.</param>
    /// <param name="isProgram">Whether the loader may copy variables into it.</param>
    public void Add(DynamicSymbols symbols, IReadOnlySet<string> names, bool isProgram)
    {
        Versions.UnionWith(symbols.NeededVersions.Where(v => names.Contains(v.Library)).Select(v => v.Version));
        foreach (var import in symbols.Imports.Where(i => i.Library is null || names.Contains(i.Library)))
        {
            if (Of(import) is not { } export)
                continue;
            if (import.IsCopy || IsData(export.Kind))
                Data.Add(import.Name);
            else
                Functions.Add(new StubFunction(export.Name, export.Version, export.IsDefault).ToString());
        }

        // A copied variable without a version looks like one of the program's own.
        if (isProgram)
            Data.UnionWith(symbols.Exports.Where(e => IsData(e.Kind) && exports[e.Name].Any(x => IsData(x.Kind))).Select(e => e.Name));
    }

    /// <summary>What the loader takes; null where the library has nothing of the name, and another one must have it.</summary>
    private ExportedSymbol? Of(ImportedSymbol import) =>
        import.Version is null
            ? exports[import.Name].FirstOrDefault(e => e.IsDefault)
            : exports[import.Name].FirstOrDefault(e => e.Version == import.Version)
                ?? exports[import.Name].FirstOrDefault(e => e.Version is null);

    private static bool IsData(SymbolKind kind) => kind is SymbolKind.Data or SymbolKind.ThreadData;
}
