using Gfxbake.Formats.Images;
using Gfxbake.Formats.Strace;
using Gfxbake.Formats.Tar;

namespace Gfxbake.Pipeline.Plan.Pruning;

/// <summary>
/// Links to files that a workload only met in a directory's listing. Whoever walks a directory looks at each link to learn what it
/// leads to (the listing itself tells that of everything else), so the look is no sign of a need: ggml looks at all of /usr/bin for
/// its backends, the shells among it. Where such a link is gone, the listing is shorter, and nobody looks.
/// </summary>
internal sealed class ListedLinks
{
    private static readonly HashSet<string> Looks =
    [
        "stat",
        "lstat",
        "stat64",
        "lstat64",
        "newfstatat",
        "fstatat64",
        "statx",
        "readlink",
        "readlinkat",
    ];
    private static readonly HashSet<string> Opens = ["open", "openat", "openat2"];

    private readonly ImageFileSystem image;
    private readonly Dictionary<string, HashSet<string>> readers = new(StringComparer.Ordinal);

    public ListedLinks(ImageFileSystem image, IEnumerable<TracedPath> traced)
    {
        this.image = image;
        foreach (var path in traced.Where(p => p.Outcome == AccessOutcome.Found && p.Calls.Any(Opens.Contains)))
        {
            if (image.Resolve(path.Path).Target is not { Kind: EntryKind.Directory } directory)
                continue;
            if (!readers.TryGetValue(directory.Path, out var workloads))
                readers.Add(directory.Path, workloads = new(StringComparer.Ordinal));
            workloads.UnionWith(path.Workloads);
        }
    }

    /// <summary>The link, when every workload that looked at it had opened its directory, and none did more than look.</summary>
    public ImageEntry? Find(TracedPath path) =>
        path.Outcome == AccessOutcome.Found
        && path.Calls.All(Looks.Contains)
        && image.Resolve(path.Path, followLast: false).Target is { Kind: EntryKind.SymbolicLink } link
        && image.Resolve(path.Path).Target is { Kind: EntryKind.File or EntryKind.HardLink }
        && readers.TryGetValue(ImagePath.Parent(link.Path), out var workloads)
        && path.Workloads.All(workloads.Contains)
            ? link
            : null;
}
