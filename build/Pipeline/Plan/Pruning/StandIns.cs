using Gfxbake.Formats.Elf;
using Gfxbake.Formats.Images;
using Gfxbake.Formats.Tar;
using Gfxbake.Formats.Text;
using Gfxbake.Recipes.Model;

namespace Gfxbake.Pipeline.Plan.Pruning;

/// <summary>A library of the image that a rule replaces.</summary>
/// <param name="Rule">Name of the rule.</param>
/// <param name="Is">What it says.</param>
/// <param name="File">The file that holds the content.</param>
internal sealed record ReplacedLibrary(string Rule, StandInRule Is, ImageEntry File)
{
    /// <summary>Kept files that need it, each with the names by which they do.</summary>
    public SortedDictionary<string, SortedSet<string>> NeededBy { get; } = new(StringComparer.Ordinal);

    /// <summary>Kept files in whose data its name stands.</summary>
    public SortedSet<string> NamedBy { get; } = new(StringComparer.Ordinal);
}

/// <summary>
/// Which libraries get a stand-in, and what the image loses with them. What they need is not followed, and that a workload opened it
/// is no reason to keep it: the loader opened it for them.
/// </summary>
internal sealed class StandIns
{
    private readonly ImageFileSystem image;
    private readonly FileProbes probes;
    private readonly LibrarySearch search;
    private readonly Dictionary<string, ReplacedLibrary> replaced = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> brought = new(StringComparer.Ordinal);

    public StandIns(ImageFileSystem image, IReadOnlyDictionary<string, StandInRule> rules, FileProbes probes, LibrarySearch search)
    {
        (this.image, this.probes, this.search) = (image, probes, search);
        foreach (var entry in rules.Count == 0 ? [] : image.Entries)
        {
            var name = entry.Path[(entry.Path.LastIndexOf('/') + 1)..];
            var (rule, says) = rules.FirstOrDefault(r => PathGlob.Matches(r.Value.Library, name));
            if (rule is not null && Content(entry.Path) is { } file && probes.IsLoadable(file))
                replaced.TryAdd(file.Path, new ReplacedLibrary(rule, says, file));
        }

        foreach (var library in replaced.Values)
            Bring(library);
    }

    /// <summary>The rule by which a path is replaced; null where it is not.</summary>
    public string? RuleOf(string path) => Find(path)?.Rule;

    public IEnumerable<ReplacedLibrary> Replaced => replaced.Values.OrderBy(r => r.File.Path, StringComparer.Ordinal);

    /// <summary>By path, what goes because only a replaced library needs it.</summary>
    public Dictionary<string, Cause> Dropped { get; } = new(StringComparer.Ordinal);

    /// <summary>Whether a path is a replaced library, or leads to one.</summary>
    public bool Replaces(string path) => Find(path) is not null;

    /// <summary>Whether the loader may have opened a path for nothing but a replaced library.</summary>
    public bool Brings(string path) => brought.Count > 0 && Content(path) is { } file && brought.ContainsKey(file.Path);

    public void Needed(string path, string name, string user)
    {
        if (Find(path) is not { } library)
            return;
        if (!library.NeededBy.TryGetValue(user, out var names))
            library.NeededBy.Add(user, names = new(StringComparer.Ordinal));
        names.Add(name);
    }

    public void Named(string path, string user) => Find(path)?.NamedBy.Add(user);

    /// <summary>Gives what was not kept for another reason its own.</summary>
    /// <param name="kept">All that is kept.</param>
    /// <param name="opened">Paths that workloads opened and that nothing else keeps.</param>
    public void Finish(KeptPaths kept, IEnumerable<string> opened)
    {
        foreach (var path in brought.Keys.Concat(opened).ToList())
        {
            var resolution = image.Resolve(path);
            if (Content(path) is not { } file || !brought.TryGetValue(file.Path, out var library))
                continue;
            var way = resolution.Links.Where(l => image.Resolve(l.Path).Target?.Path == resolution.Target!.Path).Select(l => l.Path);
            foreach (var gone in way.Append(resolution.Target!.Path).Append(file.Path).Where(p => !kept.Contains(p)))
                Dropped.TryAdd(gone, new Cause(Reason.StandIn, library));
        }
    }

    private ReplacedLibrary? Find(string path) =>
        replaced.Count > 0 && Content(path) is { } file ? replaced.GetValueOrDefault(file.Path) : null;

    /// <summary>The entry that holds what a path leads to: of a hard link, its first name.</summary>
    private ImageEntry? Content(string path) =>
        image.Resolve(path).Target switch
        {
            { Kind: EntryKind.File } file => file,
            { Kind: EntryKind.HardLink, LinkTarget: { } first } => image.Find(first),
            _ => null,
        };

    private void Bring(ReplacedLibrary library)
    {
        var open = new Queue<LibraryUser>();
        if (probes.Elf(library.File) is { } elf)
            open.Enqueue(new LibraryUser(library.File.Path, library.File.Path, elf, null));
        while (open.TryDequeue(out var user))
        {
            foreach (var path in user.Elf.Needed.SelectMany(name => search.Find(name, user)))
            {
                if (Content(path) is not { } file || replaced.ContainsKey(file.Path))
                    continue;
                var isNew = brought.TryAdd(file.Path, library.File.Path);
                // The links by which it is found go with it.
                brought.TryAdd(path, library.File.Path);
                if (isNew && probes.Elf(file) is { } next)
                    open.Enqueue(new LibraryUser(path, file.Path, next, user));
            }
        }
    }
}
