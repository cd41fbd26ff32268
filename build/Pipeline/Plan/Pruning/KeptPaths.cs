using Gfxbake.Formats.Elf;
using Gfxbake.Formats.Images;
using Gfxbake.Formats.Tar;

namespace Gfxbake.Pipeline.Plan.Pruning;

/// <summary>A file that became part of the plan, as somebody opens it.</summary>
internal sealed record OpenedFile(ImageEntry File, string OpenedPath, LibraryUser? LoadedBy);

/// <summary>The growing set of kept paths with their causes, and what is new in it.</summary>
internal sealed class KeptPaths(ImageFileSystem image, Exclusions exclusions)
{
    private const int MostCausesOfAReason = 3;

    private readonly Dictionary<string, Marks> marks = new(StringComparer.Ordinal);
    private readonly HashSet<(string Path, string Directory)> opened = [];
    private List<OpenedFile> freshFiles = [];
    private List<ImageEntry> freshLinks = [];

    public bool Contains(string path) => marks.ContainsKey(path);

    public bool HasCause(string path, Reason reason) => marks[path].Causes.Any(c => c.Reason == reason);

    public IEnumerable<string> Paths => marks.Keys;

    /// <summary>Keeps every link that a path leads through and what it names.</summary>
    public PathResolution KeepPath(string path, Cause cause, LibraryUser? loadedBy = null)
    {
        var resolution = image.Resolve(path);
        KeepWay(path, resolution, cause);
        if (resolution.Target is { } target)
            Keep(target, cause, path, loadedBy);

        return resolution;
    }

    /// <summary>Keeps one entry, not what it links to. False when it lies below a mount.</summary>
    public bool Keep(ImageEntry entry, Cause cause, string? openedPath = null, LibraryUser? loadedBy = null)
    {
        if (exclusions.Covering(entry.Path) is not null)
        {
            return false;
        }

        if (!marks.TryGetValue(entry.Path, out var mark))
        {
            marks.Add(entry.Path, mark = new Marks());
            KeepParents(entry.Path);
            if (entry.Kind is EntryKind.SymbolicLink or EntryKind.HardLink)
                freshLinks.Add(entry);
        }

        // A link that is followed is on its own way.
        if (!(CauseText.LeadsOn(cause.Reason) && cause.By == entry.Path))
            mark.Add(cause);

        openedPath ??= entry.Path;
        if (entry.Kind is EntryKind.File or EntryKind.HardLink && opened.Add((entry.Path, ImagePath.Parent(openedPath))))
            freshFiles.Add(new OpenedFile(entry, openedPath, loadedBy));

        return true;
    }

    public List<OpenedFile> TakeFreshFiles()
    {
        var taken = freshFiles.OrderBy(f => f.File.Path, StringComparer.Ordinal).ToList();
        freshFiles = [];
        return taken;
    }

    public List<ImageEntry> TakeFreshLinks()
    {
        var taken = freshLinks.OrderBy(l => l.Path, StringComparer.Ordinal).ToList();
        freshLinks = [];
        return taken;
    }

    /// <summary>
    /// In the order of discovery, which starts with the roots; a directory's contents explain it only where nothing else does.
    /// </summary>
    public IReadOnlyList<Cause> Causes(string path)
    {
        var causes = marks[path].Causes;
        return causes.Count == 1 ? causes : [.. causes.Where(c => c.Reason != Reason.DirectoryOf).DefaultIfEmpty(causes[0])];
    }

    // The links of a walk, and the directories that it leaves again through '..': without them it would stop there.
    private void KeepWay(string path, PathResolution resolution, Cause cause)
    {
        KeepDetours(path, cause);
        foreach (var link in resolution.Links)
        {
            Keep(link, cause);
            var text = link.LinkTarget!;
            KeepDetours(text.StartsWith('/') ? text : ImagePath.Join(ImagePath.Parent(link.Path), text), cause);
        }
    }

    private void KeepDetours(string path, Cause cause)
    {
        for (var at = path.IndexOf("/..", StringComparison.Ordinal); at > 0; at = path.IndexOf("/..", at + 1, StringComparison.Ordinal))
        {
            var detour = image.Resolve(path[..at]);
            foreach (var entry in detour.Target is null ? detour.Links : detour.Links.Append(detour.Target))
                Keep(entry, entry.Kind == EntryKind.Directory ? new Cause(Reason.DirectoryOf, path) : cause);
        }
    }

    private void KeepParents(string path)
    {
        for (var child = path; child != "/"; child = ImagePath.Parent(child))
        {
            var parent = ImagePath.Parent(child);
            if (marks.ContainsKey(parent) || image.Find(parent) is null)
                return;

            marks.Add(parent, new Marks());
            marks[parent].Add(new Cause(Reason.DirectoryOf, child));
        }
    }

    private sealed class Marks
    {
        private SortedSet<string>? workloads;

        public List<Cause> Causes { get; } = [];

        public void Add(Cause cause)
        {
            if (cause.Reason == Reason.Traced)
            {
                workloads ??= new(StringComparer.Ordinal);
                workloads.UnionWith((cause.By ?? "").Split(", "));
                Causes.RemoveAll(c => c.Reason == Reason.Traced);
                Causes.Insert(0, cause with { By = string.Join(", ", workloads) });
            }
            else if (Causes.Count(c => c.Reason == cause.Reason) < MostCausesOfAReason && !Causes.Contains(cause))
            {
                Causes.Add(cause);
            }
        }
    }
}
