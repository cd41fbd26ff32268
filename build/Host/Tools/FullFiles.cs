using Cake.Core;
using Gfxbake.Formats.Files;
using Gfxbake.Formats.Images;
using Gfxbake.Formats.Tar;
using Gfxbake.Host.Steps;
using Gfxbake.Pipeline.Full;

namespace Gfxbake.Host.Tools;

/// <summary>The exported file system of the full image, and the table of what it held when it was exported.</summary>
public static class FullFiles
{
    // The export has no time of its own that anybody reads; any other time means that somebody wrote to it since.
    private static readonly DateTime Untouched = DateTime.UnixEpoch.AddDays(1);

    /// <summary>Hashes an export and writes its table; returns the table's SHA-256.</summary>
    public static string WriteTable(BuildContext context, ImageFileSystem export)
    {
        FileTable? table = null;
        var bytes = export.Entries.Where(e => e.Kind == EntryKind.File).Sum(e => e.Size);
        Transfer.Run("hashing its files", bytes, progress => table = FileTable.Of(export, progress, context.Interruption.Token));
        using var text = new StringWriter();
        Mtree.Write(table!, text);
        AtomicFile.WriteText(context.Paths.FullTable, text.ToString());
        return Digest(context);
    }

    /// <summary>Gives the export its name, and the time by which a later change is seen.</summary>
    public static void Keep(BuildContext context, string partial)
    {
        File.Move(partial, context.Paths.FullTar, overwrite: true);
        File.SetLastWriteTimeUtc(context.Paths.FullTar, Untouched);
    }

    /// <summary>Whether nobody has written to the export or its table; damage of the disk shows later, when the image is proven.</summary>
    public static bool AreUntouched(BuildContext context, FullRecord record) =>
        new FileInfo(context.Paths.FullTar) is { Exists: true } tar
        && tar.Length == record.Size.TarBytes
        && tar.LastWriteTimeUtc == Untouched
        && File.Exists(context.Paths.FullTable)
        && Digest(context) == record.Files;

    /// <exception cref="CakeException">The table is missing, or not the one that full.json speaks of.</exception>
    public static FileTable ReadTable(BuildContext context)
    {
        var record = context.Need<FullRecord>(context.Paths.FullRecord, "FullImage");
        var file = context.Paths.Show(context.Paths.FullTable);
        if (!File.Exists(context.Paths.FullTable) || Digest(context) != record.Files)
        {
            throw new CakeException(
                $"{file} is not the table that full.json speaks of\nNext: {context.Command("FullImage")} writes both anew."
            );
        }

        try
        {
            using var text = new StreamReader(context.Paths.FullTable);
            return Mtree.Read(text);
        }
        catch (FormatException error)
        {
            throw new CakeException(
                $"{file}: {error.Message}\nNext: rm {file}, then run the same command again: FullImage writes it anew."
            );
        }
    }

    private static string Digest(BuildContext context)
    {
        using var file = File.OpenRead(context.Paths.FullTable);
        return ContentDigest.Sha256(file);
    }
}
