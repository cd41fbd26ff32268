using Gfxbake.Formats.Tar;

namespace Gfxbake.Formats.Images;

/// <summary>What writing a root file system came to.</summary>
/// <param name="TarBytes">Length of the tar.</param>
/// <param name="Sha256">Digest of the tar: 64 lower-case hexadecimal digits.</param>
/// <param name="Entries">Number of entries in the tar, directories and links among them.</param>
/// <param name="FileBytes">Sum of the sizes of all files; the content of hard links counts once.</param>
public sealed record RootFileSystemSummary(long TarBytes, string Sha256, int Entries, long FileBytes);

/// <summary>Writes chosen entries of an image as a tar that is the same byte by byte for the same input.</summary>
public static class RootFileSystem
{
    /// <summary>Writes entries by path in ordinal order, "/" as "./", times no later than <paramref name="sourceDateEpoch"/>.</summary>
    /// <remarks>
    /// The tar is ustar with PAX records where a value doesn't fit. It holds no user and group names and no other times
    /// than mtime. Of several hard links to one file the first by path becomes the file, the rest link to it.
    /// </remarks>
    /// <param name="source">Where the content comes from.</param>
    /// <param name="entries">Entries of <paramref name="source"/>, in any order, with the directories that hold them.</param>
    /// <param name="output">Takes the tar; is neither flushed nor closed.</param>
    /// <param name="sourceDateEpoch">Seconds since 1970: later times become this one.</param>
    /// <param name="replace">Other content for a file, or null to keep its own; a seekable stream, which is disposed here.
    /// Asked once for all hard links to one file, with the first of them by path.</param>
    /// <param name="progress">Told the bytes of tar written so far, about once a mebibyte.</param>
    /// <param name="cancellation">Looked at about once a mebibyte.</param>
    /// <exception cref="ArgumentException">An entry comes twice, without its directory, or can't be expressed in a tar.</exception>
    /// <exception cref="ImageFormatException">The export became shorter since it was opened.</exception>
    public static RootFileSystemSummary Write(
        ImageFileSystem source,
        IEnumerable<ImageEntry> entries,
        Stream output,
        long sourceDateEpoch,
        Func<ImageEntry, Stream?>? replace = null,
        IProgress<long>? progress = null,
        CancellationToken cancellation = default
    )
    {
        ArgumentOutOfRangeException.ThrowIfNegative(sourceDateEpoch);
        var ordered = Ordered(entries);
        using var tar = new TarOutput(output, progress, cancellation);
        var writer = new TarHeaderWriter(tar, sourceDateEpoch);
        var writtenAs = new Dictionary<long, string>();
        var fileBytes = 0L;
        foreach (var entry in ordered)
        {
            if (entry.Kind is not (EntryKind.File or EntryKind.HardLink))
            {
                writer.Write(entry);
            }
            else if (writtenAs.TryGetValue(entry.DataOffset, out var first))
            {
                writer.Write(entry with { Kind = EntryKind.HardLink, LinkTarget = first });
            }
            else
            {
                writtenAs.Add(entry.DataOffset, entry.Path);
                fileBytes += WriteFile(source, entry, replace, writer, tar);
            }
        }

        tar.Write(new byte[2 * TarHeader.BlockSize]);
        return new RootFileSystemSummary(tar.Length, tar.Finish(), ordered.Length, fileBytes);
    }

    private static long WriteFile(
        ImageFileSystem source,
        ImageEntry entry,
        Func<ImageEntry, Stream?>? replace,
        TarHeaderWriter writer,
        TarOutput tar
    )
    {
        using var content = replace?.Invoke(entry) ?? source.OpenFile(entry);
        var size = content.Length;
        writer.Write(entry with { Kind = EntryKind.File, Size = size });
        tar.WriteContent(content, size, entry.Path);
        return size;
    }

    private static ImageEntry[] Ordered(IEnumerable<ImageEntry> entries)
    {
        var ordered = entries.ToArray();
        Array.Sort(ordered, (a, b) => string.CompareOrdinal(a.Path, b.Path));
        var directories = new HashSet<string>(StringComparer.Ordinal);
        string? last = null;
        foreach (var entry in ordered)
        {
            if (entry.Path == last)
                throw new ArgumentException($"'{entry.Path}' is there twice; choose each entry once.", nameof(entries));

            if (entry.Path != "/" && !directories.Contains(ImagePath.Parent(entry.Path)))
            {
                throw new ArgumentException(
                    $"'{entry.Path}' is there without its directory; choose all directories above it too, also '/'.",
                    nameof(entries)
                );
            }

            last = entry.Path;
            if (entry.Kind == EntryKind.Directory)
                directories.Add(entry.Path);
        }

        return ordered;
    }
}
