using Gfxbake.Formats.Elf;
using Gfxbake.Formats.Images;
using Gfxbake.Formats.Tar;

namespace Gfxbake.Pipeline.Outputs.Package;

/// <summary>
/// Decides how the programs of a runtime find their libraries: by one DT_RPATH of the program, which comes before LD_LIBRARY_PATH and
/// counts
/// for everything that it loads.
/// </summary>
/// <remarks>
/// Rules of ld.so(8): DT_RPATH of a program counts for its libraries too, unless a library has a DT_RUNPATH; so libraries lose theirs.
/// Not the loader with --library-path: /proc/self/exe would be the loader then, and llama-server starts itself by that name.
/// </remarks>
internal sealed class RuntimeLoading
{
    // Where glibc's loader of Debian looks by itself, first to last.
    private static readonly string[] Usual = ["/usr/lib/x86_64-linux-gnu", "/usr/lib64", "/usr/lib"];

    private readonly ImageFileSystem image;
    private readonly Func<string, bool> isKept;
    private readonly List<string> problems;
    private readonly Dictionary<string, ElfFile> objects = new(StringComparer.Ordinal);
    private readonly SortedSet<string> named = new(StringComparer.Ordinal);

    /// <param name="image">The minimal image.</param>
    /// <param name="isKept">Whether a path of the image is in the runtime.</param>
    /// <param name="problems">Takes what is wrong.</param>
    public RuntimeLoading(ImageFileSystem image, Func<string, bool> isKept, List<string> problems)
    {
        (this.image, this.isKept, this.problems) = (image, isKept, problems);
        foreach (var entry in image.Entries.Where(e => e.Kind is EntryKind.File or EntryKind.HardLink && isKept(e.Path)))
        {
            using var content = image.OpenFile(entry);
            if (Read(entry.Path, content) is { IsForeign: false } elf)
                objects.Add(entry.Path, elf);
        }

        var places = image
            .Entries.Where(e =>
                e.Kind != EntryKind.Directory
                && isKept(e.Path)
                && image.Resolve(e.Path).Target is { } file
                && objects.ContainsKey(file.Path)
            )
            .ToLookup(e => e.Path[(e.Path.LastIndexOf('/') + 1)..], e => ImagePath.Parent(e.Path), StringComparer.Ordinal);
        Directories = [.. Needed(places)];
        Absent = [.. named.Where(n => !places.Contains(n))];
    }

    /// <summary>The directories of the image that hold what some object of the runtime needs by name.</summary>
    public IReadOnlyList<string> Directories { get; }

    /// <summary>
    /// Names of libraries in the data of the runtime's objects that the runtime has not: what they would open if it were there. In the
    /// image they found none, so on a host that has one they must find none either: it would bring the host's other libraries along.
    /// </summary>
    public IReadOnlyList<string> Absent { get; }

    /// <summary>Libraries that look for others in places of their own.</summary>
    public IEnumerable<string> WithOwnPath => objects.Where(o => o.Value is not { RPath: null, RunPath: null }).Select(o => o.Key);

    /// <summary>The patch of a program; null, and a problem, where it can't be one.</summary>
    /// <param name="path">The program.</param>
    /// <param name="places">Where things are installed.</param>
    /// <param name="returned">Directories of the image whose libraries somebody may put back.</param>
    public LoadPatch? OfProgram(string path, RuntimePlaces places, IReadOnlyList<string> returned)
    {
        if (!objects.TryGetValue(path, out var elf) || elf.Interpreter is not { } interpreter)
        {
            problems.Add($"{path} is no program that a loader starts, so no starter can be made for it");
            return null;
        }

        if (image.Resolve(interpreter).Target is not { } loader || !isKept(loader.Path))
        {
            problems.Add($"{path} is started by {interpreter}, which is not in the bundle");
            return null;
        }

        var folder = ImagePath.Parent(places.Of(path));
        var directories = returned
            .Select(d => places.Compiler + d)
            .Concat(Directories.Select(places.Of))
            .Concat(Absent.Count > 0 ? [places.Absent] : []);
        return new LoadPatch(
            places.Of(loader.Path),
            string.Join(':', directories.Select(d => "$ORIGIN/" + RuntimePlaces.Relative(folder + "/x", d)))
        );
    }

    private ElfFile? Read(string path, Stream content)
    {
        try
        {
            if (ElfFile.TryRead(content) is not { } elf)
                return null;
            named.UnionWith(ElfLibraryNames.Find(content, elf).Where(n => n.StartsWith("lib", StringComparison.Ordinal)));
            return elf;
        }
        catch (ElfFormatException exception)
        {
            problems.Add($"{path}: {exception.Message}");
            return null;
        }
    }

    private IEnumerable<string> Needed(ILookup<string, string> places)
    {
        var directories = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (path, elf) in objects)
        {
            foreach (var name in elf.Needed)
            {
                if (!places.Contains(name))
                    problems.Add($"{path} needs {name}, which is not in the bundle: the host's would be taken, or none");
                directories.UnionWith(places[name]);
            }
        }

        return directories
            .OrderBy(d => Array.IndexOf(Usual, d) is var rank && rank < 0 ? Usual.Length : rank)
            .ThenBy(d => d, StringComparer.Ordinal);
    }
}
