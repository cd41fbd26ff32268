using Gfxbake.Formats.Images;
using Gfxbake.Formats.Tar;

namespace Gfxbake.Formats.Packages;

/// <summary>Whose file each path of an image is; where two packages claim one, the first that came has it.</summary>
public sealed class PathOwners(ImageFileSystem image)
{
    public const int MaxPaths = 4_000_000;

    // Longer than any path that the kernel takes.
    public const int MaxLength = 4096;

    private readonly Dictionary<string, string> owners = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> real = new(StringComparer.Ordinal);

    public bool IsFull => owners.Count >= MaxPaths;

    public string? Find(string path) => owners.GetValueOrDefault(path);

    /// <summary>The path of the image that a database's path is; null when the image has no such file, or a directory.</summary>
    public string? PathOf(string path)
    {
        var found = RealPath(path);
        return found is null || image.Find(found) is null or { Kind: EntryKind.Directory } ? null : found;
    }

    /// <param name="path">As <see cref="PathOf"/> gave it.</param>
    /// <param name="package">Its owner, unless it has one.</param>
    public void Add(string path, string package) => owners.TryAdd(path, package);

    // Databases may say /lib/x where the file is in /usr/lib since /lib became a link: only the last name is taken as it is.
    private string? RealPath(string path)
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
}
