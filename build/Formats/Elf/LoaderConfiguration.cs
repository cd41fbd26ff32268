using Gfxbake.Formats.Images;
using Gfxbake.Formats.Tar;

namespace Gfxbake.Formats.Elf;

/// <summary>Reads /etc/ld.so.conf of an image: the directories that ldconfig puts into the loader's cache.</summary>
public static class LoaderConfiguration
{
    private const string Root = "/etc/ld.so.conf";
    private const int MostBytes = 1 << 20,
        DeepestInclude = 8;

    /// <summary>The directories in their order, without repetition; none where the image has no such file.</summary>
    public static IReadOnlyList<string> Directories(IFileTree image)
    {
        var directories = new List<string>();
        Read(image, Root, DeepestInclude, directories, []);
        return [.. directories.Distinct(StringComparer.Ordinal)];
    }

    private static void Read(IFileTree image, string path, int depth, List<string> directories, HashSet<string> seen)
    {
        if (
            depth == 0
            || image.Resolve(path).Target is not { Kind: EntryKind.File or EntryKind.HardLink } file
            || file.Size > MostBytes
            || !seen.Add(file.Path)
        )
        {
            return;
        }

        using var reader = new StreamReader(image.OpenFile(file));
        while (reader.ReadLine() is { } line)
        {
            var words = line.Split('#')[0].Split([' ', '\t', ',', ':'], StringSplitOptions.RemoveEmptyEntries);
            switch (words)
            {
                case ["include", .. var patterns]:
                    foreach (var included in patterns.SelectMany(p => Included(image, path, p)))
                        Read(image, included, depth - 1, directories, seen);

                    break;
                case ["hwcap", ..]: // no longer read since glibc 2.37
                    break;
                default:
                    // "directory=type" is libc5's; ldconfig drops the type.
                    directories.AddRange(words.Select(w => w.Split('=')[0].TrimEnd('/')).Where(w => w.StartsWith('/')));
                    break;
            }
        }
    }

    private static IEnumerable<string> Included(IFileTree image, string from, string pattern)
    {
        var full = pattern.StartsWith('/') ? pattern : ImagePath.Join(ImagePath.Parent(from), pattern);
        if (!full.AsSpan().ContainsAny("*?"))
            return [full];

        // Wildcards in the directory part do not occur in practice; glob() would take them, this does not.
        var directory = ImagePath.Parent(full);
        var names = full[(full.LastIndexOf('/') + 1)..];
        return image.Resolve(directory).Target is { Kind: EntryKind.Directory } target
            ? image
                .Children(target.Path)
                .Select(c => c.Path[(c.Path.LastIndexOf('/') + 1)..])
                .Where(name =>
                    !name.StartsWith('.') && System.IO.Enumeration.FileSystemName.MatchesSimpleExpression(names, name, ignoreCase: false)
                )
                .Order(StringComparer.Ordinal)
                .Select(name => ImagePath.Join(directory, name))
            : [];
    }
}
