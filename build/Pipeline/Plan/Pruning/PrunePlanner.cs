using Gfxbake.Formats.Images;
using Gfxbake.Formats.Tar;

namespace Gfxbake.Pipeline.Plan.Pruning;

/// <summary>Decides for every path of an image whether the minimal image needs it.</summary>
public static class PrunePlanner
{
    /// <exception cref="FormatException">A glob of a rule is malformed.</exception>
    /// <exception cref="ArgumentException">An excluded destination is no absolute path below '/'.</exception>
    /// <exception cref="ImageFormatException">The export changed while it was read.</exception>
    public static PrunePlan Plan(PruneInput input, CancellationToken cancellation = default)
    {
        var problems = new List<string>();
        var exclusions = new Exclusions(input.Image, input.ExcludedDestinations);
        var kept = new KeptPaths(input.Image, exclusions);
        var seeds = new PruneSeeds(input, exclusions, kept, problems);
        seeds.Plant();
        var kernels = new KernelSelection(input.Image, input.KernelRules, input.CodeTargets);
        var drops = new DroppedLibraries(input.Image, input.DropRules);
        new PruneClosure(input, exclusions, kept, kernels, drops, problems).Run(cancellation);
        problems.AddRange(drops.Problems(kept));
        kernels.Finish();
        KeepAliases(input.Image, kept);
        if (input.Packages is { } packages)
            LicenceFiles.Keep(input.Image, packages, kept);

        var offload = OffloadSelection.Of(input, kept, problems, cancellation);
        return new PrunePlan
        {
            CodeTargets = input.CodeTargets,
            Offload = input.Offload.Form,
            KeepRules = input.KeepRules,
            Problems = problems,
            NotInImage = [.. seeds.NotInImage],
            Entries =
            [
                .. input.Image.Entries.Select(e => Entry(e, kept, exclusions, kernels, seeds, drops, offload.GetValueOrDefault(e.Path))),
            ],
        };
    }

    private static void KeepAliases(ImageFileSystem image, KeptPaths kept)
    {
        foreach (var link in image.Children("/").Where(e => e.Kind == EntryKind.SymbolicLink && !kept.Contains(e.Path)))
        {
            if (image.Resolve(link.Path).Target is { Kind: EntryKind.Directory } directory && kept.Contains(directory.Path))
                kept.KeepPath(link.Path, new Cause(Reason.AliasOf, directory.Path));
        }
    }

    private static PlanEntry Entry(
        ImageEntry entry,
        KeptPaths kept,
        Exclusions exclusions,
        KernelSelection kernels,
        PruneSeeds seeds,
        DroppedLibraries drops,
        PlanOffload? offload
    )
    {
        var isKept = kept.Contains(entry.Path);
        return new PlanEntry
        {
            Path = entry.Path,
            Kind = entry.Kind,
            Size = entry.Size,
            LinkTarget = entry.LinkTarget,
            Action =
                !isKept ? PlanAction.Drop
                : offload is { Refused: null } ? PlanAction.SlimOffload
                : PlanAction.Keep,
            Offload = offload,
            Causes = isKept ? kept.Causes(entry.Path) : [WhyNot(entry.Path, exclusions, kernels, seeds, drops)],
        };
    }

    private static Cause WhyNot(string path, Exclusions exclusions, KernelSelection kernels, PruneSeeds seeds, DroppedLibraries drops) =>
        exclusions.Covering(path) is { } mount
            ? new Cause(Reason.Excluded, mount)
            : kernels.Dropped.GetValueOrDefault(path)
                ?? drops.Dropped.GetValueOrDefault(path)
                ?? seeds.Listed.GetValueOrDefault(path)
                ?? new Cause(Reason.Unreferenced, null);
}
