using Gfxbake.Formats.Images;
using Gfxbake.Formats.Tar;

namespace Gfxbake.Pipeline.Full;

/// <summary>Every path of a file system with its kind, owner, mode, link, attributes and the digest of its content.</summary>
public sealed class FileTable
{
    private readonly Dictionary<string, HashedEntry> byPath;

    /// <param name="entries">Each path once; the root must be among them.</param>
    public FileTable(IReadOnlyList<HashedEntry> entries)
    {
        Entries = entries;
        byPath = entries.ToDictionary(e => e.Entry.Path, StringComparer.Ordinal);
        if (!byPath.ContainsKey("/"))
            throw new ArgumentException("the root is missing", nameof(entries));
    }

    public IReadOnlyList<HashedEntry> Entries { get; }

    /// <summary>Reads and hashes every file of an export, several at a time.</summary>
    /// <param name="image">The export.</param>
    /// <param name="progress">Told the bytes hashed so far.</param>
    /// <param name="cancellation">Looked at once a mebibyte.</param>
    public static FileTable Of(ImageFileSystem image, IProgress<long>? progress = null, CancellationToken cancellation = default)
    {
        // By content: hard links share it. The largest first, so that no long one is left for the end.
        var contents = image.Entries.Where(HasContent).DistinctBy(e => e.DataOffset).OrderByDescending(e => e.Size).ToList();
        var digests = new string[contents.Count];
        var done = 0L;
        var options = new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount, CancellationToken = cancellation };
        Parallel.For(
            0,
            contents.Count,
            options,
            i =>
            {
                using var content = image.OpenFile(contents[i]);
                digests[i] = ContentDigest.Sha256(content, cancellation);
                progress?.Report(Interlocked.Add(ref done, contents[i].Size));
            }
        );
        var byContent = contents.Zip(digests).ToDictionary(p => p.First.DataOffset, p => p.Second);
        return new FileTable([.. image.Entries.Select(e => new HashedEntry(e, HasContent(e) ? byContent[e.DataOffset] : null))]);
    }

    public HashedEntry? Find(string path) => byPath.GetValueOrDefault(path);

    /// <summary>Walks a path as the kernel would; see ImageFileSystem.Resolve.</summary>
    public PathResolution Resolve(string path, bool followLast = true) => PathWalk.Walk(p => Find(p)?.Entry, path, followLast);

    /// <summary>Whether an entry names content: a file, under its first name or another.</summary>
    public static bool HasContent(ImageEntry entry) => entry.Kind is EntryKind.File or EntryKind.HardLink;
}
