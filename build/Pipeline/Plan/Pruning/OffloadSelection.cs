using System.Runtime.ExceptionServices;
using Gfxbake.Formats.Elf;
using Gfxbake.Formats.Offload;
using Gfxbake.Formats.Tar;

namespace Gfxbake.Pipeline.Plan.Pruning;

/// <summary>Looks into every kept file for code of GPUs that nobody wants.</summary>
internal static class OffloadSelection
{
    /// <summary>By path, every file that is rewritten or has to stay whole.</summary>
    public static IReadOnlyDictionary<string, PlanOffload> Of(
        PruneInput input,
        KeptPaths kept,
        StandIns standIns,
        List<string> problems,
        CancellationToken cancellation
    )
    {
        if (input.Offload.Form == OffloadForm.None)
            return new Dictionary<string, PlanOffload>();
        var targets = input.CodeTargets.Select(TargetId.Parse).ToList();
        // Further names of a file are slimmed with it.
        var files = kept
            .Paths.Select(p => input.Image.Find(p)!)
            .Where(e => e.Kind == EntryKind.File && !standIns.Replaces(e.Path))
            .OrderBy(e => e.Path, StringComparer.Ordinal)
            .ToList();
        var found = new PlanOffload?[files.Count];
        try
        {
            Parallel.For(
                0,
                files.Count,
                new ParallelOptions { CancellationToken = cancellation },
                i => found[i] = Decide(input, files[i], IsKernel(kept, files[i].Path), targets)
            );
        }
        catch (AggregateException error)
        {
            ExceptionDispatchInfo.Throw(error.InnerExceptions[0]);
        }

        var result = files
            .Zip(found)
            .Where(f => f.Second is not null)
            .ToDictionary(f => f.First.Path, f => f.Second!, StringComparer.Ordinal);
        if (input.Offload.Required)
        {
            problems.AddRange(
                result
                    .Where(f => f.Value.Refused is not null)
                    .OrderBy(f => f.Key, StringComparer.Ordinal)
                    .Select(f => $"{f.Key} has to stay whole, and the recipe requires that code for other GPUs goes: {f.Value.Refused}")
            );
        }

        return result;
    }

    // Only the HIP runtime reads kernel files; who else reads code in other places, and in which form, is not known.
    private static bool IsKernel(KeptPaths kept, string path) =>
        kept.HasCause(path, Reason.KernelOfTarget) || kept.HasCause(path, Reason.KernelOfAnyGpu);

    private static PlanOffload? Decide(PruneInput input, ImageEntry file, bool isKernel, List<TargetId> targets)
    {
        using var stream = input.Image.OpenFile(file);
        FatBinary? fat = null;
        LooseCode? loose = null;
        try
        {
            fat = FatBinaryReader.TryRead(stream);
            if (fat is not null)
                return OffloadPlanner.Plan(fat, targets, input.Offload.Form) is { } rewrite ? PlanOffload.Of(rewrite) : null;
            loose = isKernel ? LooseCode.TryRead(stream) : null;
            return loose is not null && LooseRewrite.Plan(loose, targets, input.Offload.Form) is { } change ? PlanOffload.Of(change) : null;
        }
        catch (ElfFormatException) when (fat is null)
        {
            // The closure has said so already.
            return null;
        }
        catch (Exception error) when (error is OffloadRefusedException or OffloadFormatException)
        {
            return PlanOffload.Whole(fat?.Bundles ?? (loose is null ? [] : [loose.Bundle]), error.Message);
        }
    }
}
