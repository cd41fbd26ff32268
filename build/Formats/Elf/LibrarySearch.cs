using System.Runtime.Intrinsics.X86;
using Gfxbake.Formats.Images;
using Gfxbake.Formats.Tar;

namespace Gfxbake.Formats.Elf;

/// <summary>Finds the file that the loader of glibc opens for a library's name inside an image.</summary>
/// <remarks>
/// Order as in ld.so(8): DT_RPATH of the object and of those that loaded it, LD_LIBRARY_PATH, DT_RUNPATH, the directories
/// of /etc/ld.so.conf (which stand for ld.so.cache), the built-in ones. The built-in ones differ between distributions;
/// here Debian's come first, then everybody else's.
/// </remarks>
public sealed class LibrarySearch
{
    private static readonly string[] BuiltIn =
    [
        "/lib/x86_64-linux-gnu",
        "/usr/lib/x86_64-linux-gnu",
        "/lib64",
        "/usr/lib64",
        "/lib",
        "/usr/lib",
    ];

    private static readonly string[] HardwareLevels = ["x86-64-v4", "x86-64-v3", "x86-64-v2"];

    private static readonly string[] LevelsOfThisProcessor =
    [
        .. HardwareLevels.Where(level =>
            level switch
            {
                "x86-64-v4" => Avx512BW.IsSupported && Avx512CD.IsSupported && Avx512DQ.IsSupported && Avx512F.VL.IsSupported,
                "x86-64-v3" => Avx2.IsSupported && Bmi2.IsSupported && Fma.IsSupported && Lzcnt.IsSupported,
                _ => Sse42.IsSupported && Popcnt.IsSupported,
            }
        ),
    ];

    private readonly IFileTree image;
    private readonly Func<ImageEntry, bool> isLoadable;
    private readonly string[] libraryPath;
    private readonly string[] configured;
    private readonly bool isExact;
    private readonly string[] levels;
    private readonly Dictionary<string, bool> isDirectory = new(StringComparer.Ordinal);

    /// <param name="image">Where to look.</param>
    /// <param name="libraryPath">LD_LIBRARY_PATH of the image's environment, or null.</param>
    /// <param name="isLoadable">Whether a file is x86-64 ELF; the loader passes over files for another class or machine.</param>
    /// <param name="isExact">
    /// Whether the first path is the one that this machine's processor opens; otherwise every path that some processor or some way of
    /// opening the user leads to counts.
    /// </param>
    public LibrarySearch(IFileTree image, string? libraryPath, Func<ImageEntry, bool> isLoadable, bool isExact = false)
    {
        this.isExact = isExact;
        levels = isExact ? LevelsOfThisProcessor : HardwareLevels;
        this.image = image;
        this.isLoadable = isLoadable;
        this.libraryPath = libraryPath?.Split(':', ';') ?? [];
        configured = [.. LoaderConfiguration.Directories(image)];
    }

    /// <summary>
    /// The paths that the loader opens for a name, links unresolved; none when nothing is found. More than one where
    /// glibc-hwcaps directories hold variants: another CPU picks another one.
    /// </summary>
    public IReadOnlyList<string> Find(string name, LibraryUser user)
    {
        if (name.Contains('/'))
            return [.. Expand(name, user).Where(Loads).Take(1)];

        var found = new List<string>();
        foreach (var directory in Directories(user).Distinct(StringComparer.Ordinal).Where(IsDirectory))
        {
            found.AddRange(levels.Select(level => $"{directory}/glibc-hwcaps/{level}/{name}").Where(Loads));
            if (Loads($"{directory}/{name}"))
            {
                found.Add($"{directory}/{name}");
                return found;
            }
        }

        return found;
    }

    private List<string> Directories(LibraryUser user)
    {
        var directories = new List<string>();
        if (user.Elf.RunPath is null)
        {
            // Where an object has both, DT_RPATH does not count.
            for (var loaded = user; loaded is not null; loaded = loaded.LoadedBy)
            {
                if (loaded.Elf is { RunPath: null, RPath: { } path })
                    directories.AddRange(path.Split(':').SelectMany(d => Expand(d, loaded)));
            }
        }

        directories.AddRange(libraryPath.SelectMany(d => Expand(d, user)));
        directories.AddRange((user.Elf.RunPath ?? "").Split(':').SelectMany(d => Expand(d, user)));
        directories.AddRange(user.Elf.NoDefaultLibraries ? configured.Except(BuiltIn) : configured.Concat(BuiltIn));
        return directories;
    }

    // Tokens stand for several values at once: which one counts depends on the distribution, the CPU and how the object was opened.
    private IEnumerable<string> Expand(string path, LibraryUser user)
    {
        IEnumerable<string> paths = [path];
        if (path.Contains('$'))
        {
            paths = Substitute(paths, "ORIGIN", Origins(user));
            paths = Substitute(paths, "LIB", ["lib/x86_64-linux-gnu", "lib64", "lib"]);
            paths = Substitute(paths, "PLATFORM", ["x86_64", "haswell"]);
        }

        // An empty or relative element means the working directory, which no image fixes.
        return paths.Where(p => p.StartsWith('/')).Select(p => p.Length > 1 ? p.TrimEnd('/') : p);
    }

    /// <summary>Of a program the kernel tells the file itself, of a library the path by which it was opened counts.</summary>
    private string[] Origins(LibraryUser user)
    {
        string[] both = [ImagePath.Parent(user.OpenedPath), ImagePath.Parent(user.RealPath)];
        return !isExact ? both
            : user.LoadedBy is null && user.Elf.Interpreter is not null ? both[1..]
            : both[..1];
    }

    private static IEnumerable<string> Substitute(IEnumerable<string> paths, string token, string[] values) =>
        paths.SelectMany(p =>
            p.Contains("$" + token, StringComparison.Ordinal) || p.Contains("${" + token + "}", StringComparison.Ordinal)
                ? values
                    .Distinct()
                    .Select(v =>
                        p.Replace("${" + token + "}", v, StringComparison.Ordinal).Replace("$" + token, v, StringComparison.Ordinal)
                    )
                : [p]
        );

    private bool IsDirectory(string path)
    {
        if (!isDirectory.TryGetValue(path, out var known))
            isDirectory[path] = known = image.Resolve(path).Target?.Kind == EntryKind.Directory;

        return known;
    }

    private bool Loads(string path) =>
        image.Resolve(path).Target is { Kind: EntryKind.File or EntryKind.HardLink } file && isLoadable(file);
}
