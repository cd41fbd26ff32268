using Gfxbake.Formats.Offload;
using Gfxbake.Formats.Tar;
using Gfxbake.Recipes.Shared;

namespace Gfxbake.Pipeline.Plan.Pruning;

/// <summary>Keeps the kernel packs of kept libraries that are for a wanted GPU, by their names.</summary>
internal sealed class KernelPackSelection(PruneInput input, KeptPaths kept, KernelSelection kernels, List<string> problems)
{
    public void Keep(string library, IReadOnlyList<string> packs)
    {
        if (packs.Count == 0)
            return;
        var found = packs.SelectMany(pack => Files(ImagePath.Join(ImagePath.Parent(library), pack))).ToList();
        foreach (var (file, gpu) in found)
        {
            if (gpu is null)
                kept.Keep(file, new Cause(Reason.KernelOfAnyGpu, library));
            else if (input.CodeTargets.Any(t => GpuNames.Covers(gpu, t)))
                kept.Keep(file, new Cause(Reason.KernelOfTarget, library));
            else
                kernels.Dropped.TryAdd(file.Path, new Cause(Reason.OtherGpu, gpu));
        }

        problems.AddRange(
            input
                .CodeTargets.Where(t => !found.Any(f => f.Gpu is null || GpuNames.Covers(f.Gpu, t)))
                .Select(t =>
                    $"{library} takes its GPU code from {string.Join(" or ", packs)}, and the image has none of them for {t}; "
                    + (
                        found.Count == 0
                            ? "install the package that has them"
                            : $"it has {string.Join(", ", found.Select(f => f.Gpu).Distinct())}"
                    )
                )
        );
    }

    private IEnumerable<(ImageEntry File, string? Gpu)> Files(string pack)
    {
        var name = pack[(pack.LastIndexOf('/') + 1)..];
        var parts = name.Split(KernelPackNames.Placeholder);
        if (input.Image.Resolve(pack[..^(name.Length + 1)]).Target is not { Kind: EntryKind.Directory } directory)
            yield break;
        foreach (var file in input.Image.Children(directory.Path).Where(c => c.Kind != EntryKind.Directory))
        {
            var own = file.Path[(file.Path.LastIndexOf('/') + 1)..];
            if (parts.Length == 1 && own == name)
                yield return (file, null);
            if (
                parts.Length != 2
                || own.Length <= parts[0].Length + parts[1].Length
                || !own.StartsWith(parts[0], StringComparison.Ordinal)
                || !own.EndsWith(parts[1], StringComparison.Ordinal)
            )
            {
                continue;
            }

            var gpu = own[parts[0].Length..^parts[1].Length];
            if (GpuNames.In(gpu) is [var only] && only == gpu)
                yield return (file, gpu);
        }
    }
}
