using Gfxbake.Formats.Elf;
using Gfxbake.Formats.Text;
using Gfxbake.Recipes.Model;

namespace Gfxbake.Pipeline.Plan.Pruning;

/// <summary>Collects what files import of one library, with the versions under which the library has it.</summary>
internal sealed class StandInImports(DynamicSymbols library, StandInRule rule)
{
    private readonly ILookup<string, ExportedSymbol> exports = library.Exports.ToLookup(e => e.Name, StringComparer.Ordinal);

    /// <summary>As a linker writes them.</summary>
    public SortedSet<string> Functions { get; } = new(StringComparer.Ordinal);

    /// <summary>Versions that the loader demands.</summary>
    public SortedSet<string> Versions { get; } = new(StringComparer.Ordinal);

    /// <summary>Variables whose addresses the rule lets be taken, likewise.</summary>
    public SortedSet<string> Data { get; } = new(StringComparer.Ordinal);

    /// <summary>Variables that nothing can stand in for.</summary>
    public SortedSet<string> Refused { get; } = new(StringComparer.Ordinal);

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
            var text = new StubSymbol(export.Name, export.Version, export.IsDefault).ToString();
            if (!import.IsCopy && !IsData(export.Kind))
                Functions.Add(text);
            else if (!import.IsCopy && export.Kind == SymbolKind.Data && MayBeTaken(import.Name))
                Data.Add(text);
            else
                Refused.Add(import.Name);
        }

        // A copied variable without a version looks like one of the program's own.
        if (isProgram)
            Refused.UnionWith(symbols.Exports.Where(e => IsData(e.Kind) && exports[e.Name].Any(x => IsData(x.Kind))).Select(e => e.Name));
    }

    /// <summary>What the loader takes; null where the library has nothing of the name, and another one must have it.</summary>
    private ExportedSymbol? Of(ImportedSymbol import) =>
        import.Version is null
            ? exports[import.Name].FirstOrDefault(e => e.IsDefault)
            : exports[import.Name].FirstOrDefault(e => e.Version == import.Version)
                ?? exports[import.Name].FirstOrDefault(e => e.Version is null);

    private bool MayBeTaken(string name) => rule.Data.Any(d => d.Symbols.Any(glob => PathGlob.Matches(glob, name)));

    private static bool IsData(SymbolKind kind) => kind is SymbolKind.Data or SymbolKind.ThreadData;
}
