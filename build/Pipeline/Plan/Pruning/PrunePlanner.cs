using Gfxbake.Formats.Elf;
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
        var probes = new FileProbes(input.Image);
        var search = new LibrarySearch(input.Image, input.Environment.GetValueOrDefault("LD_LIBRARY_PATH"), probes.IsLoadable);
        var standIns = new StandIns(input.Image, input.StandIns, probes, search);
        var seeds = new PruneSeeds(input, exclusions, kept, standIns, problems);
        seeds.Plant();
        var kernels = new KernelSelection(input.Image, input.KernelRules, input.CodeTargets, standIns);
        var drops = new DroppedLibraries(input.Image, input.DropRules);
        var closure = new PruneClosure(input, exclusions, kept, kernels, drops, standIns, probes, search, problems);
        do closure.Run(cancellation);
        while (seeds.PlantWaiting());
        kernels.KeepAskedTypes(kept, types => new AskedTypes(input.Image, types, probes, standIns), problems);
        closure.ReportUnresolved();
        problems.AddRange(drops.Problems(kept));
        var stubs = new StandInStubs(input.Image, input.StandIns, input.Answers, standIns, kept, probes, problems).Make();
        problems.AddRange(
            KernelTables.Problems(
                input.Image,
                kept.Paths,
                p =>
                    input.Image.Resolve(p).Target is { } target
                    && (kept.Contains(target.Path) || kernels.Dropped.GetValueOrDefault(target.Path)?.Reason == Reason.OtherType),
                p => input.Image.Resolve(p).Target is not null
            )
        );
        kernels.Finish();
        KeepAliases(input.Image, kept);
        if (input.Packages is { } packages)
            LicenceFiles.Keep(input.Image, packages, kept, standIns);

        standIns.Finish(kept, seeds.Waiting);
        IReadOnlyList<Dictionary<string, Cause>> dropped = [kernels.Dropped, drops.Dropped, standIns.Dropped, seeds.Listed];
        var offload = OffloadSelection.Of(input, kept, standIns, problems, cancellation);
        return new PrunePlan
        {
            CodeTargets = input.CodeTargets,
            Offload = input.Offload.Form,
            KeepRules = input.KeepRules,
            Problems = problems,
            NotInImage = [.. seeds.NotInImage],
            Entries =
            [
                .. input.Image.Entries.Select(e =>
                    kept.Contains(e.Path)
                        ? Kept(e, kept, offload.GetValueOrDefault(e.Path), stubs.GetValueOrDefault(e.Path))
                        : Entry(e, PlanAction.Drop, [WhyNot(e.Path, exclusions, dropped)])
                ),
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

    private static PlanEntry Kept(ImageEntry entry, KeptPaths kept, PlanOffload? offload, PlanStandIn? standIn) =>
        Entry(
            entry,
            standIn is not null ? PlanAction.StandIn
                : offload is { Refused: null } ? PlanAction.SlimOffload
                : PlanAction.Keep,
            kept.Causes(entry.Path)
        ) with
        {
            Offload = offload,
            StandIn = standIn,
        };

    private static PlanEntry Entry(ImageEntry entry, PlanAction action, IReadOnlyList<Cause> causes) =>
        new()
        {
            Path = entry.Path,
            Kind = entry.Kind,
            Size = entry.Size,
            LinkTarget = entry.LinkTarget,
            Action = action,
            Causes = causes,
        };

    private static Cause WhyNot(string path, Exclusions exclusions, IReadOnlyList<Dictionary<string, Cause>> dropped) =>
        exclusions.Covering(path) is { } mount
            ? new Cause(Reason.Excluded, mount)
            : dropped.Select(d => d.GetValueOrDefault(path)).FirstOrDefault(c => c is not null) ?? new Cause(Reason.Unreferenced, null);
}
