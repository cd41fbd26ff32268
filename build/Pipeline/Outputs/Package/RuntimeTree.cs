using Gfxbake.Formats.Images;
using Gfxbake.Formats.Tar;

namespace Gfxbake.Pipeline.Outputs.Package;

/// <summary>What of a minimal image goes into a package, and where; nothing of it needs a library of the host.</summary>
public sealed class RuntimeTree
{
    private const int DirectoryMode = 0x1ed;

    internal RuntimeTree(
        RuntimePlaces places,
        IReadOnlyList<RuntimeEntry> contents,
        IReadOnlyList<string> links,
        IReadOnlyList<string> placed
    ) => (Places, Contents, Links, Placed) = (places, contents, links, placed);

    public RuntimePlaces Places { get; }

    /// <summary>Files and links by installed path in ordinal order.</summary>
    public IReadOnlyList<RuntimeEntry> Contents { get; }

    /// <summary>The links outside of the package's own folder, by installed path.</summary>
    public IReadOnlyList<string> Links { get; }

    /// <summary>The files outside of the package's own folders, by installed path.</summary>
    public IReadOnlyList<string> Placed { get; }

    /// <summary>The files that patchelf changes.</summary>
    public IEnumerable<RuntimeEntry> Patched => Contents.Where(e => e.Patch is not null);

    /// <summary>Sum of the sizes of all files before patching; the content of hard links counts once.</summary>
    public long FileBytes =>
        Contents
            .Where(e => e.Entry.Kind is EntryKind.File or EntryKind.HardLink)
            .DistinctBy(e => e.Entry.DataOffset)
            .Sum(e => e.Entry.Size);

    /// <summary>Where a path of the image is installed; null for what the package does not hold.</summary>
    public string? PlaceOf(string imagePath) => Contents.FirstOrDefault(e => e.ImagePath == imagePath)?.Entry.Path;

    /// <summary>Writes the files that patchelf is to change, at their paths in the image.</summary>
    public void WriteParts(ImageFileSystem image, Stream output, long epoch, CancellationToken cancellation) =>
        RootFileSystem.Write(
            image,
            WithDirectories(Patched.Select(e => e.Entry with { Path = e.ImagePath!, Kind = EntryKind.File }), epoch),
            output,
            epoch,
            cancellation: cancellation
        );

    /// <summary>What bundle.sh reads: path in the image, new interpreter, new DT_RPATH; the last two are "-" for a library.</summary>
    public string PatchList() =>
        string.Concat(Patched.Select(e => $"{e.ImagePath}\t{e.Patch!.Interpreter ?? "-"}\t{e.Patch.RPath ?? "-"}\n"));

    /// <summary>Writes the runtime as a tar that is the same for the same input.</summary>
    /// <param name="image">The minimal image.</param>
    /// <param name="patched">The changed files, at their paths in the image.</param>
    /// <param name="output">Takes the tar.</param>
    /// <param name="epoch">Seconds since 1970: later times become this one.</param>
    /// <param name="progress">Told the bytes written.</param>
    /// <param name="cancellation">Looked at about once a mebibyte.</param>
    /// <exception cref="PackageException">A changed file is missing.</exception>
    public RootFileSystemSummary Write(
        ImageFileSystem image,
        ImageFileSystem patched,
        Stream output,
        long epoch,
        IProgress<long>? progress,
        CancellationToken cancellation
    )
    {
        var changed = Patched.ToDictionary(
            e => e.Entry.Path,
            e =>
                patched.Find(e.ImagePath!) is { Kind: EntryKind.File } file
                    ? file
                    : throw new PackageException($"{e.ImagePath} did not come back from patchelf; look at the log of the bundle's build"),
            StringComparer.Ordinal
        );
        var added = Contents.Where(e => e.Content is not null).ToDictionary(e => e.Entry.Path, e => e.Content!, StringComparer.Ordinal);
        return RootFileSystem.Write(
            image,
            WithDirectories(Contents.Select(e => e.Entry), epoch),
            output,
            epoch,
            entry =>
                changed.TryGetValue(entry.Path, out var file) ? patched.OpenFile(file)
                : added.TryGetValue(entry.Path, out var bytes) ? new MemoryStream(bytes, writable: false)
                : null,
            progress,
            cancellation
        );
    }

    private static IEnumerable<ImageEntry> WithDirectories(IEnumerable<ImageEntry> contents, long epoch)
    {
        var directories = new SortedSet<string>(StringComparer.Ordinal) { "/" };
        foreach (var entry in contents)
        {
            for (var parent = ImagePath.Parent(entry.Path); directories.Add(parent); )
                parent = ImagePath.Parent(parent);
            // What is made for the package has no time of its own.
            yield return entry.MTime == 0 ? entry with { MTime = epoch } : entry;
        }

        foreach (var path in directories)
        {
            yield return new ImageEntry
            {
                Path = path,
                Kind = EntryKind.Directory,
                Mode = DirectoryMode,
                MTime = epoch,
            };
        }
    }
}
