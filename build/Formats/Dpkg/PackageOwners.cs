using Gfxbake.Formats.Images;
using Gfxbake.Formats.Tar;

namespace Gfxbake.Formats.Dpkg;

/// <summary>Says which dpkg package each file of an image belongs to.</summary>
public sealed class PackageOwners
{
    private const string Database = "/var/lib/dpkg/";
    private const long MaxBytes = 512L << 20;
    private const int MaxPaths = 4_000_000;

    private readonly Dictionary<string, string> owners = new(StringComparer.Ordinal);

    private PackageOwners() { }

    /// <summary>Reads info/*.list and diversions of dpkg's database; an image without dpkg has no owners.</summary>
    /// <exception cref="ImageFormatException">A list can't be read, or the lists come to more than 512 MiB or 4 million paths.</exception>
    public static PackageOwners Read(ImageFileSystem image)
    {
        var result = new PackageOwners();
        var text = new ImageText(image, MaxBytes);
        var diversions = ReadDiversions(image, text);
        var real = new Dictionary<string, string>(StringComparer.Ordinal);
        var info = image.Resolve(Database + "info").Target;
        foreach (var list in info is null ? [] : image.Children(info.Path))
        {
            if (list.Kind is EntryKind.File or EntryKind.HardLink && list.Path.EndsWith(".list", StringComparison.Ordinal))
            {
                // "libc6:amd64.list" where several architectures may be installed side by side.
                var package = Path.GetFileName(list.Path)[..^".list".Length].Split(':')[0];
                result.Add(image, text, list, package, diversions, real);
            }
        }

        return result;
    }

    /// <summary>The package that a file, link or device of the image belongs to, by its path in
    /// <see cref="ImageFileSystem.Entries"/>; null when no package owns it. Directories, which packages share, have none.</summary>
    public string? Find(string path) => owners.GetValueOrDefault(path);

    private void Add(
        ImageFileSystem image,
        ImageText text,
        ImageEntry list,
        string package,
        Dictionary<string, (string To, string By)> diversions,
        Dictionary<string, string> real
    )
    {
        foreach (var (line, number) in text.Lines(list))
        {
            if (!line.StartsWith('/') || line.Length > 4096)
                throw text.Fault(list, number, "no absolute path of at most 4096 characters");

            var name = diversions.TryGetValue(line, out var diversion) && diversion.By != package ? diversion.To : line;
            var path = RealPath(image, name, real);
            if (path is null || image.Find(path) is null or { Kind: EntryKind.Directory })
                continue;

            if (owners.Count >= MaxPaths)
                throw text.Fault(list, number, $"more than {MaxPaths} paths in all lists");

            // Lists are read by name, so where two claim a file the first in this order has it, every time.
            owners.TryAdd(path, package);
        }
    }

    // Lists may say /lib/x where the file is in /usr/lib since /lib became a link: only the last name is taken as it is.
    private static string? RealPath(ImageFileSystem image, string path, Dictionary<string, string> real)
    {
        var directory = ImagePath.Parent(path);
        if (!real.TryGetValue(directory, out var resolved))
        {
            resolved = image.Resolve(directory).Target?.Path ?? "";
            if (real.Count < MaxPaths)
                real.Add(directory, resolved);
        }

        return resolved.Length == 0 ? null : ImagePath.Join(resolved, path[(path.LastIndexOf('/') + 1)..]);
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
