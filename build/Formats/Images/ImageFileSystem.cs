using Gfxbake.Formats.Tar;
using Microsoft.Win32.SafeHandles;

namespace Gfxbake.Formats.Images;

/// <summary>The file system of an image: an index over the tar that `docker export` or `podman export` wrote.</summary>
/// <remarks>Immutable once open; all members may be called from several threads at once.</remarks>
public sealed class ImageFileSystem : IFileTree, IDisposable
{
    private readonly SafeFileHandle file;
    private readonly string export;
    private readonly long length;
    private readonly ImageEntry[] entries;
    private readonly Dictionary<string, ImageEntry> byPath;
    private readonly Dictionary<string, List<ImageEntry>> byParent = new(StringComparer.Ordinal);

    private ImageFileSystem(SafeFileHandle file, string export, ImageEntry[] entries)
    {
        (this.file, this.export, this.entries) = (file, export, entries);
        length = RandomAccess.GetLength(file);
        byPath = new(entries.Length, StringComparer.Ordinal);
        foreach (var entry in entries)
        {
            byPath.Add(entry.Path, entry);
            if (entry.Path != "/")
            {
                var parent = ImagePath.Parent(entry.Path);
                if (!byParent.TryGetValue(parent, out var children))
                    byParent.Add(parent, children = []);

                children.Add(entry);
            }
        }
    }

    /// <summary>
    /// Every entry by path in ordinal order, so a directory comes before what it holds. "/" and all parents are there,
    /// as 0755 root:root where the tar leaves them out.
    /// </summary>
    public IReadOnlyList<ImageEntry> Entries => entries;

    /// <summary>Reads the headers of an uncompressed export and keeps the file open until Dispose.</summary>
    /// <exception cref="ImageFormatException">The file is no complete export, or one that no engine would write.</exception>
    /// <exception cref="IOException">The file is missing or can't be read.</exception>
    public static ImageFileSystem Open(string exportTar)
    {
        var file = File.OpenHandle(exportTar, FileMode.Open, FileAccess.Read, FileShare.Read, FileOptions.RandomAccess);
        try
        {
            var reader = new TarReader(file, exportTar);
            var tree = new ImageTree();
            while (reader.Next() is { } entry)
            {
                if (tree.Add(entry) is { } problem)
                    throw reader.Fault(problem);
            }

            return new ImageFileSystem(file, exportTar, tree.Build());
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>The entry with exactly this normal path; follows no link.</summary>
    public ImageEntry? Find(string path) => byPath.GetValueOrDefault(path);

    /// <summary>
    /// Walks a path as the kernel would with the image's root as root: '..' stays in it, absolute links start at it,
    /// at most 40 links. A relative path starts at the root too.
    /// </summary>
    /// <param name="path">Any path; a slash at its end asks for a directory.</param>
    /// <param name="followLast">False stops at a symbolic link in the last place, as lstat() does.</param>
    public PathResolution Resolve(string path, bool followLast = true) => PathWalk.Walk(Find, path, followLast);

    /// <summary>What a directory holds directly, by path in ordinal order; nothing for other paths.</summary>
    public IReadOnlyList<ImageEntry> Children(string directory) => byParent.TryGetValue(directory, out var children) ? children : [];

    /// <summary>The content of a file or hard link: seekable, read only, independent of other streams; fails after Dispose.</summary>
    /// <exception cref="ArgumentException">The entry has no content or isn't of this export.</exception>
    public Stream OpenFile(ImageEntry entry)
    {
        ObjectDisposedException.ThrowIf(file.IsClosed, this);
        if (entry.Kind is not (EntryKind.File or EntryKind.HardLink))
            throw new ArgumentException($"{export}: '{entry.Path}' is a {entry.Kind} and has no content.", nameof(entry));

        if (entry.DataOffset < 0 || entry.Size < 0 || entry.Size > length - entry.DataOffset)
            throw new ArgumentException($"{export}: '{entry.Path}' comes from another export.", nameof(entry));

        return new EntryStream(file, export, entry);
    }

    public void Dispose() => file.Dispose();

    /// <summary>An error in the content of an entry.</summary>
    public ImageFormatException Fault(ImageEntry entry, string what, string next) => new(export, entry.DataOffset, what, next);
}
