using System.IO.Enumeration;

namespace Gfxbake.Formats.Files;

/// <summary>Writes a file so that a reader sees the old one or the whole new one, never a half: temporary name, fsync, rename.</summary>
public static class AtomicFile
{
    /// <summary>Ending of a file that is being written; whoever holds the build lock may delete what an interrupted run left.</summary>
    public const string PartialEnding = ".partial";

    /// <param name="path">The file; its directory is made.</param>
    /// <param name="write">Gets a stream that can be read back.</param>
    public static void Write(string path, Action<Stream> write)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var partial = path + PartialEnding;
        try
        {
            using (var stream = new FileStream(partial, FileMode.Create, FileAccess.ReadWrite, FileShare.Read, 1 << 16))
            {
                write(stream);
                stream.Flush(flushToDisk: true);
            }

            File.Move(partial, path, overwrite: true);
        }
        catch
        {
            File.Delete(partial);
            throw;
        }
    }

    public static void WriteText(string path, string text) => Write(path, stream => stream.Write(System.Text.Encoding.UTF8.GetBytes(text)));

    /// <summary>
    /// Deletes what interrupted runs left below a folder: files, folders and links of that ending. It follows no link, or somebody's link
    /// to a folder outside would cost the files there.
    /// </summary>
    /// <param name="root">May be a link itself: people put it on another disk.</param>
    /// <param name="folder">Below the root; where a link leads to it, or it is one, nothing is deleted.</param>
    public static void Sweep(string root, string folder)
    {
        for (var at = folder; at != root; at = Path.GetDirectoryName(at)!)
        {
            if (new DirectoryInfo(at) is not { Exists: true, LinkTarget: null })
                return;
        }

        foreach (var entry in Partial(folder).ToList())
            Delete(entry);
    }

    private static FileSystemEnumerable<FileSystemInfo> Partial(string folder) =>
        new(
            folder,
            (ref FileSystemEntry entry) => entry.ToFileSystemInfo(),
            new EnumerationOptions
            {
                RecurseSubdirectories = true,
                AttributesToSkip = 0,
                IgnoreInaccessible = false,
            }
        )
        {
            ShouldIncludePredicate = (ref FileSystemEntry entry) => IsPartial(ref entry),
            ShouldRecursePredicate = (ref FileSystemEntry entry) =>
                !IsPartial(ref entry) && !entry.Attributes.HasFlag(FileAttributes.ReparsePoint),
        };

    private static bool IsPartial(ref FileSystemEntry entry) => entry.FileName.EndsWith(PartialEnding, StringComparison.Ordinal);

    private static void Delete(FileSystemInfo entry)
    {
        // Of a link, and of links inside a folder, only the link goes.
        if (entry is DirectoryInfo folder)
            folder.Delete(recursive: true);
        else
            entry.Delete();
    }
}
