using Gfxbake.Formats.Images;
using Gfxbake.Formats.Packages;
using Gfxbake.Formats.Tar;
using Gfxbake.Pipeline.Full;
using Gfxbake.Pipeline.Plan;

namespace Gfxbake.Pipeline.Outputs.Sbom;

/// <summary>Joins the package database of the full image with the files that remain.</summary>
public static class SbomBuilder
{
    /// <summary>What to do where the layers are not the plan's.</summary>
    internal const string Next = "the layers are not those of this plan; delete candidate.json and run MinimalImage again";

    /// <exception cref="SbomException">A kept file is in no layer, or a rewritten one is not as recorded.</exception>
    /// <exception cref="ImageFormatException">The package database or a tar is broken.</exception>
    public static SbomDocument Build(SbomInput input, CancellationToken cancellation = default)
    {
        var files = LayerDigests.Of(input.Layers, cancellation);
        Check(input, files);
        var database = ImagePackages.Read(input.Full);
        var standIns = new SbomStandIns(input, database.OwnerOf);
        var kept = input
            .Plan.Entries.Where(e => e.IsKept && e.Kind != EntryKind.Directory && !standIns.Has(e))
            .ToLookup(e => database.OwnerOf(e.Path) ?? "", StringComparer.Ordinal);
        var licences = new LicenceReader();
        var packages = Packages(database, DistributionOf(input.Full), kept, files, licences);
        return new SbomDocument
        {
            Subject = input.Subject,
            Packages = [.. packages.Concat(standIns.Packages(files)).OrderBy(p => p.Name, StringComparer.Ordinal)],
            Unowned = Files(kept[""], files),
            Licences = licences.Extracted,
        };
    }

    private static List<SbomPackage> Packages(
        PackageDatabase database,
        string? distribution,
        ILookup<string, PlanEntry> kept,
        IReadOnlyDictionary<string, SbomFile> files,
        LicenceReader licences
    )
    {
        // A name may be there for two architectures, of one version then; dpkg's lists are read as one too.
        var installed = database.Packages.DistinctBy(p => p.Name).ToDictionary(p => p.Name, StringComparer.Ordinal);
        var packages = new List<SbomPackage>();
        foreach (var name in kept.Select(g => g.Key).Where(n => n.Length > 0).Order(StringComparer.Ordinal))
        {
            // A list without a stanza is left of a package that is half removed.
            var package = installed.GetValueOrDefault(name) ?? new InstalledPackage(name, "", "", name, 0);
            packages.Add(
                new SbomPackage(
                    name,
                    package.Version,
                    package.Architecture,
                    package.Source,
                    distribution is null ? null : database.Url(package, distribution),
                    licences.Read(database.LicenceOf(name)),
                    kept[name].Count(e => e.Kind == EntryKind.SymbolicLink),
                    Files(kept[name], files)
                )
            );
        }

        return packages;
    }

    private static SbomFile[] Files(IEnumerable<PlanEntry> entries, IReadOnlyDictionary<string, SbomFile> files) =>
        [.. entries.Where(IsFile).Select(e => files[e.Path]).OrderBy(f => f.Path, StringComparer.Ordinal)];

    private static bool IsFile(PlanEntry entry) => entry.Kind is EntryKind.File or EntryKind.HardLink;

    private static void Check(SbomInput input, IReadOnlyDictionary<string, SbomFile> files)
    {
        if (input.Plan.Entries.FirstOrDefault(e => e.IsKept && IsFile(e) && !files.ContainsKey(e.Path)) is { } missing)
            throw new SbomException($"{missing.Path} is kept and in no layer: {Next}");

        if (input.Slimmed.FirstOrDefault(s => !files.TryGetValue(s.Path, out var file) || file.Sha256 != s.Sha256) is { } other)
            throw new SbomException($"{other.Path} has other content than was recorded when it was slimmed: {Next}");
    }

    private static string? DistributionOf(ImageFileSystem image)
    {
        var release = image.Resolve("/etc/os-release").Target;
        if (release is not { Kind: EntryKind.File or EntryKind.HardLink })
        {
            return null;
        }

        var id = new ImageText(image, 1 << 20)
            .Lines(release)
            .Select(l => l.Line.Trim())
            .FirstOrDefault(l => l.StartsWith("ID=", StringComparison.Ordinal));
        return id?["ID=".Length..].Trim('"', '\'') is { Length: > 0 } name ? name.ToLowerInvariant() : null;
    }
}
