using Gfxbake.Formats.Images;
using Gfxbake.Formats.Tar;
using Gfxbake.Formats.Text;
using Gfxbake.Recipes.Model;

namespace Gfxbake.Pipeline.Outputs.Package;

/// <summary>Plans the runtime: everything of the minimal image but what the recipe takes from the host.</summary>
public static class RuntimePlanner
{
    private const int PermissionBits = 0x1ff,
        WritableByOthers = 0x12;

    /// <param name="image">The minimal image as an engine exports it.</param>
    /// <param name="isPlanned">
    /// Whether a path is the image's by its plan: docker adds /.dockerenv, /dev/console and more to what it exports.
    /// </param>
    /// <param name="rules">The recipe's word.</param>
    /// <param name="package">Name of the package.</param>
    /// <param name="trees">Files that the image has not.</param>
    /// <param name="returned">Directories of the image whose libraries somebody may put back.</param>
    /// <exception cref="PackageException">
    /// The runtime would need something of the host, or a rule fits nothing: everything that is wrong is named.
    /// </exception>
    public static RuntimeTree Plan(
        ImageFileSystem image,
        Func<string, bool> isPlanned,
        PackageRecipe rules,
        string package,
        IReadOnlyList<TreeFile> trees,
        IReadOnlyList<string> returned
    )
    {
        var places = new RuntimePlaces(package);
        var problems = new List<string>();
        var left = LeftOut(image, rules, problems);
        var kept = image
            .Entries.Where(e => e.Kind != EntryKind.Directory && isPlanned(e.Path) && !left.Contains(e.Path))
            .Select(e => e.Path)
            .ToHashSet(StringComparer.Ordinal);
        var loading = new RuntimeLoading(image, kept.Contains, problems);
        var patches = loading.WithOwnPath.ToDictionary(p => p, _ => new LoadPatch(null, null), StringComparer.Ordinal);
        foreach (var program in rules.Programs)
        {
            if (image.Resolve(program).Target is not { } file || !kept.Contains(file.Path))
                problems.Add($"{program} is not in the image; correct packages.programs of the recipe");
            else if (loading.OfProgram(file.Path, places, returned) is { } patch)
                patches[file.Path] = patch;
        }

        foreach (var path in InnerPrograms(image, kept, rules, problems))
        {
            if (loading.OfProgram(path, places, returned) is { } patch)
                patches[path] = patch;
        }

        var contents = kept.Select(p => Place(image, image.Find(p)!, places, patches.GetValueOrDefault(p), kept, problems))
            .OfType<RuntimeEntry>()
            .ToList();
        var links = rules.Links.Select(l => Link(image, l, places, problems)).OfType<RuntimeEntry>().ToList();
        var absent = loading.Absent.Select(name => Made($"{places.Absent}/{name}", "."));
        var all = TreeFile
            .Add(contents, trees, problems)
            .Concat(links)
            .Concat(absent)
            .OrderBy(e => e.Entry.Path, StringComparer.Ordinal)
            .ToList();
        problems.AddRange(Collisions(all));
        return problems.Count == 0
            ? new RuntimeTree(places, all, [.. links.Select(l => l.Entry.Path)], [.. trees.Select(t => t.Path).Where(places.IsOutside)])
            : throw new PackageException(
                $"no package can be made of the image:\n{string.Join('\n', problems.Distinct().Select(p => "  " + p))}"
            );
    }

    /// <summary>The path of a program as it is installed.</summary>
    public static string InstalledProgram(ImageFileSystem image, RuntimePlaces places, string program) =>
        places.Of(image.Resolve(program).Target!.Path);

    /// <summary>The files of the image that its other programs start.</summary>
    private static List<string> InnerPrograms(ImageFileSystem image, HashSet<string> kept, PackageRecipe rules, List<string> problems)
    {
        var found = new List<string>();
        foreach (var rule in rules.InnerPrograms)
        {
            var glob = PathGlob.Parse(rule.Path);
            var files = kept.Where(glob.IsMatch).Select(p => image.Resolve(p).Target).OfType<ImageEntry>().Select(e => e.Path).ToList();
            if (files.Count == 0 && !rule.Optional)
                problems.Add($"packages.inner_programs: {rule.Path} fits nothing of the bundle; correct it, or say optional: true");
            found.AddRange(files);
        }

        return found;
    }

    /// <summary>Two entries at one place, and an entry below what is no folder.</summary>
    private static IEnumerable<string> Collisions(List<RuntimeEntry> all)
    {
        var paths = all.Select(e => e.Entry.Path).ToHashSet(StringComparer.Ordinal);
        return all.GroupBy(e => e.Entry.Path, StringComparer.Ordinal)
            .Where(g => g.Count() > 1)
            .Select(g => $"{g.Key} would be there twice: {string.Join(" and ", g.Select(Origin))}")
            .Concat(
                all.Select(e => ImagePath.Parent(e.Entry.Path))
                    .Where(paths.Contains)
                    .Distinct()
                    .Select(p => $"{p} is to be a folder, and is a file or link")
            );
    }

    private static string Origin(RuntimeEntry entry) =>
        entry.ImagePath ?? (entry.Content is null ? "a link of the recipe" : "a tree of the recipe");

    private static HashSet<string> LeftOut(ImageFileSystem image, PackageRecipe rules, List<string> problems)
    {
        var left = new HashSet<string>(StringComparer.Ordinal);
        foreach (var rule in rules.Host)
        {
            var glob = PathGlob.Parse(rule.Path);
            var paths = image.Entries.Select(e => e.Path).Where(glob.IsMatch).ToList();
            if (paths.Count == 0 && !rule.Optional)
                problems.Add($"packages.host: {rule.Path} fits nothing of the image; correct it, or say optional: true");
            left.UnionWith(paths);
        }

        return left;
    }

    private static RuntimeEntry? Place(
        ImageFileSystem image,
        ImageEntry entry,
        RuntimePlaces places,
        LoadPatch? patch,
        HashSet<string> kept,
        List<string> problems
    )
    {
        var path = places.Of(entry.Path);
        if (path.Any(char.IsControl))
            problems.Add($"a file name has a control character: {string.Concat(path.Select(c => char.IsControl(c) ? '?' : c))}");
        switch (entry.Kind)
        {
            case EntryKind.File or EntryKind.HardLink:
                // Neither setuid nor writable by others, whatever the image had.
                return new RuntimeEntry(
                    entry.Path,
                    Owned(entry) with
                    {
                        Path = path,
                        Kind = EntryKind.File,
                        LinkTarget = null,
                        Mode = entry.Mode & PermissionBits & ~WritableByOthers,
                    },
                    patch
                );
            case EntryKind.SymbolicLink:
                if (Target(image, entry, kept) is { } target)
                {
                    return new RuntimeEntry(
                        entry.Path,
                        Owned(entry) with
                        {
                            Path = path,
                            LinkTarget = Text(entry, path, places.Of(target)),
                        }
                    );
                }

                problems.Add(
                    $"the link {entry.Path} -> {entry.LinkTarget} leads to nothing of the bundle; name both in packages.host, or neither"
                );
                return null;
            default:
                problems.Add($"{entry.Path} is a {entry.Kind}; a package holds files and links");
                return null;
        }
    }

    // A program may read a link's text and take it for a path: Debian's llama-server does. What it could read in the image, it can read
    // here.
    private static string Text(ImageEntry link, string path, string target) =>
        link.LinkTarget!.StartsWith('/') ? target : RuntimePlaces.Relative(path, target);

    /// <summary>What a link names: the next entry on the way, or a directory that something of the runtime lies in.</summary>
    private static string? Target(ImageFileSystem image, ImageEntry link, HashSet<string> kept)
    {
        var text = link.LinkTarget!.StartsWith('/') ? link.LinkTarget : $"{ImagePath.Parent(link.Path)}/{link.LinkTarget}";
        return image.Resolve(text, followLast: false).Target is not { } target ? null
            : kept.Contains(target.Path)
            || (target.Kind == EntryKind.Directory && kept.Any(p => p.StartsWith(target.Path + "/", StringComparison.Ordinal)))
                ? target.Path
            : null;
    }

    private static RuntimeEntry? Link(ImageFileSystem image, RuntimePath rule, RuntimePlaces places, List<string> problems)
    {
        if (image.Resolve(rule.Path).Target is not { } target)
        {
            if (!rule.Optional)
                problems.Add($"packages.links: {rule.Path} is not in the image; correct it, or say optional: true");
            return null;
        }

        return Made(rule.Path, RuntimePlaces.Relative(rule.Path, places.Of(target.Path)));
    }

    private static RuntimeEntry Made(string path, string target)
    {
        const int mode = 0x1ff;
        return new RuntimeEntry(
            null,
            new ImageEntry
            {
                Path = path,
                Kind = EntryKind.SymbolicLink,
                Mode = mode,
                LinkTarget = target,
            }
        );
    }

    private static ImageEntry Owned(ImageEntry entry) => entry with { Uid = 0, Gid = 0, Xattrs = new Dictionary<string, byte[]>() };
}
