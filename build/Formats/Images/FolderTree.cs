using System.Collections.Concurrent;
using Gfxbake.Formats.Files;
using Gfxbake.Formats.Tar;

namespace Gfxbake.Formats.Images;

/// <summary>
/// The files of a folder as a tree of its own, for instance a machine's or a recorded one's. Links are followed as if the folder were "/".
/// What was looked at once counts until the end.
/// </summary>
public sealed class FolderTree : IFileTree
{
    /// <summary>How many names of a folder are looked at; rocBLAS has some 2,000 files in one.</summary>
    public const int MostNames = 1 << 16;

    private static readonly EnumerationOptions Everything = new() { AttributesToSkip = 0, IgnoreInaccessible = true };

    private readonly string root;
    private readonly IReadOnlyDictionary<string, string> mounts;
    private readonly ConcurrentDictionary<string, ImageEntry?> entries = new(StringComparer.Ordinal);

    /// <param name="root">A folder; "/" is this machine.</param>
    /// <param name="mounts">Further folders by the path at which they are seen, as a mount would show them.</param>
    public FolderTree(string root, IReadOnlyDictionary<string, string>? mounts = null) =>
        (this.root, this.mounts) = (root.TrimEnd('/'), mounts ?? new Dictionary<string, string>());

    public PathResolution Resolve(string path, bool followLast = true) => PathWalk.Walk(Find, path, followLast);

    public IReadOnlyList<ImageEntry> Children(string directory)
    {
        try
        {
            return
            [
                .. Directory
                    .EnumerateFileSystemEntries(Real(directory), "*", Everything)
                    .Take(MostNames)
                    .Select(e => Find(ImagePath.Join(directory, Path.GetFileName(e))))
                    .OfType<ImageEntry>()
                    .OrderBy(e => e.Path, StringComparer.Ordinal),
            ];
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    /// <exception cref="IOException">It is gone, or may not be read.</exception>
    public Stream OpenFile(ImageEntry entry)
    {
        var real = Real(entry.Path);
        // A pipe or a device could keep its reader waiting.
        if (FileStatus.Of(real) is not { IsFile: true })
            throw new IOException($"{entry.Path} is no file any more");
        try
        {
            return new FileStream(real, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
        }
        catch (UnauthorizedAccessException exception)
        {
            throw new IOException($"{entry.Path} may not be read", exception);
        }
    }

    private ImageEntry? Find(string path) => entries.GetOrAdd(path, Look);

    private ImageEntry? Look(string path)
    {
        if (path == "/" || mounts.Keys.Any(m => m.StartsWith(path + "/", StringComparison.Ordinal)))
            return new ImageEntry { Path = path, Kind = EntryKind.Directory };
        var real = Real(path);
        // What can't be in a path is in no folder either.
        if (path.Contains('\0', StringComparison.Ordinal) || FileStatus.Of(real) is not { } status)
            return null;
        var target = status.IsLink ? new FileInfo(real).LinkTarget : null;
        EntryKind? kind =
            status.IsDirectory ? EntryKind.Directory
            : status.IsFile ? EntryKind.File
            : target is { Length: > 0 } ? EntryKind.SymbolicLink
            : null;
        return kind is { } known
            ? new ImageEntry
            {
                Path = path,
                Kind = known,
                Size = known == EntryKind.File ? status.Size : 0,
                Mode = status.Mode & 0xFFF,
                LinkTarget = target,
            }
            : null;
    }

    private string Real(string path)
    {
        foreach (var (at, folder) in mounts)
        {
            if (path == at || path.StartsWith(at + "/", StringComparison.Ordinal))
                return folder.TrimEnd('/') + path[at.Length..];
        }

        return root + path;
    }
}
