using Gfxbake.Formats.Files;
using Gfxbake.Formats.Images;
using Gfxbake.Formats.Tar;
using Gfxbake.Pipeline.Steps;

namespace Gfxbake.Pipeline.Full;

/// <summary>The exported file system of the full image, and the table of what it held when it was exported.</summary>
/// <param name="Tar">The export.</param>
/// <param name="Table">full.mtree: every path with the digest of its content.</param>
/// <param name="Shown">The table's name as people see it.</param>
/// <param name="Mend">What writes both anew.</param>
public sealed record FullFiles(string Tar, string Table, string Shown, string Mend)
{
    // The export has no time of its own that anybody reads; any other time means that somebody wrote to it since.
    private static readonly DateTime Untouched = DateTime.UnixEpoch.AddDays(1);

    public static FullFiles Of(Workspace workspace) =>
        new(
            workspace.Paths.FullTar,
            workspace.Paths.FullTable,
            workspace.Paths.Show(workspace.Paths.FullTable),
            workspace.Command("FullImage")
        );

    /// <summary>Hashes an export and writes its table; returns the table's SHA-256.</summary>
    public string WriteTable(ImageFileSystem export, IReporter reporter, CancellationToken cancellation)
    {
        FileTable? table = null;
        var bytes = export.Entries.Where(e => e.Kind == EntryKind.File).Sum(e => e.Size);
        reporter.Transfer("hashing its files", bytes, progress => table = FileTable.Of(export, progress, cancellation));
        using var text = new StringWriter();
        Mtree.Write(table!, text);
        AtomicFile.WriteText(Table, text.ToString());
        return Digest();
    }

    /// <summary>Gives the export its name, and the time by which a later change is seen.</summary>
    public void Keep(string partial)
    {
        File.Move(partial, Tar, overwrite: true);
        File.SetLastWriteTimeUtc(Tar, Untouched);
    }

    /// <summary>Whether nobody has written to the export or its table; damage of the disk shows later, when the image is proven.</summary>
    public bool AreUntouched(FullRecord record) =>
        new FileInfo(Tar) is { Exists: true } tar
        && tar.Length == record.Size.TarBytes
        && tar.LastWriteTimeUtc == Untouched
        && File.Exists(Table)
        && Digest() == record.Files;

    /// <param name="digest">The table's SHA-256 as full.json has it.</param>
    /// <exception cref="StepException">The table is missing, or not the one that full.json speaks of.</exception>
    public FileTable ReadTable(string digest)
    {
        if (!File.Exists(Table) || Digest() != digest)
            throw new StepException($"{Shown} is not the table that full.json speaks of\nNext: {Mend} writes both anew.");
        try
        {
            using var text = new StreamReader(Table);
            return Mtree.Read(text);
        }
        catch (FormatException error)
        {
            throw new StepException(
                $"{Shown}: {error.Message}\nNext: rm {Shown}, then run the same command again: FullImage writes it anew."
            );
        }
    }

    private string Digest()
    {
        using var file = File.OpenRead(Table);
        return ContentDigest.Sha256(file);
    }
}
