using System.IO.Enumeration;
using Gfxbake.Formats.Files;
using Gfxbake.Formats.Rpm;
using Gfxbake.Formats.Text;
using Gfxbake.Formats.Zstd;
using Gfxbake.Recipes.Model;

namespace Gfxbake.Pipeline.Staging;

/// <summary>Unpacks packages whose digests were checked into a folder, and says what lies where.</summary>
/// <param name="rule">The recipe's.</param>
/// <param name="folder">The stage; its record lies beside it.</param>
/// <param name="work">An empty place on the same file system, swept when a run is interrupted.</param>
public sealed class StageMaker(StageRule rule, string folder, string work)
{
    // Another number where the same packages are to be unpacked in another way.
    private const int Form = 2;
    private const long MostBytes = 64L << 30;

    public string Record => folder + ".json";

    /// <summary>What a stage is made of.</summary>
    public string Inputs(IReadOnlyList<LockedPackage> packages) =>
        Fingerprint.Of(
            new
            {
                Form,
                rule,
                Packages = packages.Select(p => new { p.Name, p.Sha256 }).OrderBy(p => p.Name, StringComparer.Ordinal),
            }
        );

    /// <summary>
    /// The stage that is there, if it is of these inputs and nobody changed it; else why it is made anew, null at the first time.
    /// </summary>
    public (StageRecord? Record, string? Why) Existing(string inputs)
    {
        if (!Directory.Exists(folder) || RecordFile.TryRead<StageRecord>(Record) is not { } record)
            return (null, null);
        if (record.Inputs != inputs)
            return (null, "the packages or the recipe changed");
        return record.Tree == Tree(folder) ? (record, null) : (null, "files of the stage were changed");
    }

    /// <param name="packages">Each with its file, whose digest was checked.</param>
    /// <param name="parallel">Packages at a time.</param>
    /// <param name="progress">Gets the bytes of packages that are unpacked.</param>
    /// <param name="cancellation">Ends it; the old stage stays.</param>
    /// <exception cref="StageException">A package can't be used, or something is missing: says which and why.</exception>
    public StageRecord Make(
        IReadOnlyList<(LockedPackage Package, string File)> packages,
        int parallel,
        IProgress<long> progress,
        CancellationToken cancellation
    )
    {
        var root = Folders.Empty(work);
        var tree = new StageTree(root, [.. rule.LeaveOut.Select(PathGlob.Parse)], MostBytes);
        var staged = new StagedPackage[packages.Count];
        var done = 0L;
        try
        {
            Parallel.For(
                0,
                packages.Count,
                new ParallelOptions { MaxDegreeOfParallelism = parallel, CancellationToken = cancellation },
                i =>
                {
                    staged[i] = Unpack(tree, packages[i].Package, packages[i].File, cancellation);
                    progress.Report(Interlocked.Add(ref done, staged[i].Bytes));
                }
            );
        }
        catch (AggregateException several)
        {
            throw several.Flatten().InnerExceptions.OfType<StageException>().FirstOrDefault() ?? several.InnerExceptions[0];
        }

        var record = Describe(root, staged, tree.Count, Inputs([.. packages.Select(p => p.Package)]));
        Swap(root);
        RecordFile.Write(Record, record);
        return record;
    }

    private static StagedPackage Unpack(StageTree tree, LockedPackage package, string file, CancellationToken cancellation)
    {
        try
        {
            using var stream = new HashedFile(file);
            var archive = RpmArchive.Open(stream);
            tree.Unpack(package.Name, archive.Files(), cancellation);
            // Its digest was checked before, on a look of its own. What counts is what was unpacked.
            return stream.Finish() == package.Sha256
                ? new StagedPackage(archive.Name, archive.Version, package.Sha256, stream.Bytes, archive.Licence)
                : throw new StageException($"{package.Name} was changed while it was unpacked; nothing was staged");
        }
        catch (Exception error) when (error is FormatException or CompressionException or InvalidDataException or IOException)
        {
            throw new StageException($"{package.Name}: {error.Message}; nothing was staged");
        }
    }

    private StageRecord Describe(string root, IReadOnlyList<StagedPackage> packages, StageCount count, string inputs)
    {
        var wanted = rule.Packages.Where(p => packages.All(s => s.Name != p)).ToList();
        if (wanted.Count > 0)
            throw new StageException($"the lock lacks {string.Join(", ", wanted)}, which the recipe wants; write it anew with --update");
        var twice = packages.GroupBy(p => p.Name).FirstOrDefault(g => g.Count() > 1);
        if (twice is not null)
            throw new StageException($"the lock has {twice.Key} twice: {string.Join(", ", twice.Select(p => p.Version))}");
        var paths = Entries(root).Select(e => e.FullName[root.Length..]).Order(StringComparer.Ordinal).ToList();
        var libraries = Place(paths, rule.Places.Library) is { } file
            ? Above(file)
            : throw new StageException($"no file of the packages fits {string.Join(" or ", rule.Places.Library)}");
        var needs = StageNeeds.Of(root, paths);
        return new StageRecord
        {
            RocmVersion = Upstream(packages.First(p => p.Name == rule.VersionOf).Version),
            Libraries = libraries,
            LibraryFolders = [libraries, .. needs.Folders.Where(f => f != libraries)],
            Tensile = Place(paths, rule.Places.Table) is { } table ? Above(table) : null,
            Compiler = Place(paths, rule.Places.Compiler)?[1..],
            DeviceLibraries = Place(paths, rule.Places.DeviceLibrary) is { } library ? Above(library) : null,
            Prefix = rule.Places.Prefix[1..],
            Packages = [.. packages.OrderBy(p => p.Name, StringComparer.Ordinal)],
            NeededOfHost = needs.OfHost,
            Count = count,
            Inputs = inputs,
            Tree = Tree(root),
        };
    }

    private static string Above(string path) => path[1..path.LastIndexOf('/')];

    private static string? Place(IReadOnlyList<string> paths, IReadOnlyList<string> patterns) =>
        patterns.Select(PathGlob.Parse).Select(g => paths.FirstOrDefault(g.IsMatch)).FirstOrDefault(p => p is not null);

    /// <summary>[EPOCH:]VERSION-RELEASE without what is the distribution's.</summary>
    private static string Upstream(string version) => version[(version.IndexOf(':') + 1)..].Split('-')[0];

    /// <summary>Puts the new stage in the place of the old one.</summary>
    private void Swap(string root)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(folder)!);
        File.Delete(Record);
        var old = work + ".old" + AtomicFile.PartialEnding;
        Folders.Remove(old);
        if (Directory.Exists(folder))
            Directory.Move(folder, old);
        Directory.Move(root, folder);
        Folders.Remove(old);
    }

    private static string Tree(string root) =>
        Fingerprint.Of(
            Entries(root)
                .OrderBy(e => e.FullName, StringComparer.Ordinal)
                .Select(e =>
                    e.LinkTarget is { } target ? [e.FullName[root.Length..], target]
                    : e is FileInfo file
                        ? (string[])
                            [file.FullName[root.Length..], $"{file.Length}", $"{file.LastWriteTimeUtc.Ticks}", $"{file.UnixFileMode}"]
                    : [e.FullName[root.Length..]]
                )
        );

    /// <summary>All that lies in a stage. Links are not followed: two that lead to their own folder would never end.</summary>
    private static FileSystemEnumerable<FileSystemInfo> Entries(string root) =>
        new(
            root,
            (ref FileSystemEntry entry) => entry.ToFileSystemInfo(),
            new EnumerationOptions
            {
                RecurseSubdirectories = true,
                AttributesToSkip = 0,
                IgnoreInaccessible = false,
            }
        )
        {
            ShouldRecursePredicate = (ref FileSystemEntry entry) => !entry.Attributes.HasFlag(FileAttributes.ReparsePoint),
        };
}
