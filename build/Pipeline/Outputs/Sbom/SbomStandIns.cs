using Gfxbake.Formats.Tar;
using Gfxbake.Pipeline.Plan;

namespace Gfxbake.Pipeline.Outputs.Sbom;

/// <summary>What stands in for libraries: of their packages nothing is there, and what is there is gfxbake's own.</summary>
internal sealed class SbomStandIns(SbomInput input, Func<string, string?> ownerOf)
{
    private const string Licence = "MIT",
        Recorded = " The answers are what the library itself said when they were recorded in the full image.";

    private readonly Dictionary<string, PlanEntry> replaced = input
        .Plan.Entries.Where(e => e.StandIn is not null)
        .ToDictionary(e => e.Path, StringComparer.Ordinal);

    /// <summary>Whether an entry is a stand-in or another name of one: its owner has no part in what it is.</summary>
    public bool Has(PlanEntry entry) => Find(entry.Path) is not null;

    /// <summary>A package of gfxbake's own for each library.</summary>
    /// <exception cref="SbomException">A stand-in is not what was planned.</exception>
    public IEnumerable<SbomPackage> Packages(IReadOnlyDictionary<string, SbomFile> files)
    {
        var names = input
            .Plan.Entries.Where(e => e.IsKept && e.Kind != EntryKind.Directory)
            .Select(e => (Entry: e, Library: Find(e.Path)))
            .Where(e => e.Library is not null)
            .ToLookup(e => e.Library!.Path, e => e.Entry, StringComparer.Ordinal);
        foreach (var library in replaced.Values)
        {
            var standIn = library.StandIn!;
            var own = names[library.Path].Where(e => e.Kind != EntryKind.SymbolicLink).Select(e => files[e.Path]).ToList();
            if (own.FirstOrDefault(f => f.Sha256 != standIn.Sha256) is { } other)
                throw new SbomException($"{other.Path} is not the stand-in that was planned; {SbomBuilder.Next}");
            yield return new SbomPackage(
                // No package's name has a path's signs, and two libraries may have one rule.
                $"gfxbake-standin-{standIn.Rule}-{standIn.SoName}",
                input.Subject.ToolVersion,
                "amd64",
                "gfxbake",
                null,
                new PackageLicence(Licence, null),
                names[library.Path].Count(e => e.Kind == EntryKind.SymbolicLink),
                own
            )
            {
                Replaces =
                    $"Stands in for {standIn.SoName} of {ownerOf(library.Path) ?? "no package"}, {library.Size} bytes: {standIn.Why}. "
                    + $"It has {standIn.Content}.{(standIn.Answers is null ? "" : Recorded)}",
            };
        }
    }

    private PlanEntry? Find(string path) =>
        replaced.Count == 0 ? null
        : input.Full.Resolve(path).Target is not { } target ? null
        : replaced.GetValueOrDefault(target.Kind == EntryKind.HardLink ? target.LinkTarget! : target.Path);
}
