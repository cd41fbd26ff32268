using Gfxbake.Formats.Images;
using Gfxbake.Formats.Packages;
using Gfxbake.Formats.Tar;

namespace Gfxbake.Formats.Dpkg;

/// <summary>Reads which dpkg package each file of an image belongs to.</summary>
internal static class PackageOwners
{
    private const string Database = "/var/lib/dpkg/";
    private const long MaxBytes = 512L << 20;

    /// <summary>Reads info/*.list and diversions of dpkg's database; an image without dpkg has no owners.</summary>
    /// <exception cref="ImageFormatException">A list can't be read, or the lists come to more than 512 MiB or 4 million paths.</exception>
    public static PathOwners Read(ImageFileSystem image)
    {
        var owners = new PathOwners(image);
        var text = new ImageText(image, MaxBytes);
        var diversions = ReadDiversions(image, text);
        var info = image.Resolve(Database + "info").Target;
        foreach (var list in info is null ? [] : image.Children(info.Path))
        {
            if (list.Kind is EntryKind.File or EntryKind.HardLink && list.Path.EndsWith(".list", StringComparison.Ordinal))
            {
                // "libc6:amd64.list" where several architectures may be installed side by side.
                var package = Path.GetFileName(list.Path)[..^".list".Length].Split(':')[0];
                Add(text, list, package, diversions, owners);
            }
        }

        return owners;
    }

    // Lists are read by name, so where two claim a file the first in this order has it, every time.
    private static void Add(
        ImageText text,
        ImageEntry list,
        string package,
        Dictionary<string, (string To, string By)> diversions,
        PathOwners owners
    )
    {
        foreach (var (line, number) in text.Lines(list))
        {
            if (!line.StartsWith('/') || line.Length > PathOwners.MaxLength)
                throw text.Fault(list, number, $"no absolute path of at most {PathOwners.MaxLength} characters");

            var name = diversions.TryGetValue(line, out var diversion) && diversion.By != package ? diversion.To : line;
            if (owners.PathOf(name) is not { } path)
                continue;

            if (owners.IsFull)
                throw text.Fault(list, number, $"more than {PathOwners.MaxPaths} paths in all lists");

            owners.Add(path, package);
        }
    }

    // dpkg-divert(1): three lines each, the path, where it went, and the package whose own file stays (':' for none).
    private static Dictionary<string, (string To, string By)> ReadDiversions(ImageFileSystem image, ImageText text)
    {
        var diversions = new Dictionary<string, (string To, string By)>(StringComparer.Ordinal);
        if (image.Resolve(Database + "diversions").Target is not { Kind: EntryKind.File or EntryKind.HardLink } file)
        {
            return diversions;
        }

        var lines = text.Lines(file).Select(line => line.Line).ToArray();
        if (lines.Length % 3 != 0)
            throw text.Fault(file, lines.Length, "a diversion that isn't three lines long");

        foreach (var part in lines.Chunk(3))
            diversions[part[0]] = (part[1], part[2]);

        return diversions;
    }
}
