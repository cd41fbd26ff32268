namespace Gfxbake.Core.Records;

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

    public static void WriteText(string path, string text)
        => Write(path, stream => stream.Write(System.Text.Encoding.UTF8.GetBytes(text)));

    /// <summary>Deletes what interrupted runs left below a folder.</summary>
    public static void Sweep(string directory)
    {
        if (!Directory.Exists(directory)) return;
        foreach (var file in Directory.EnumerateFiles(directory, "*" + PartialEnding, SearchOption.AllDirectories)) File.Delete(file);
    }
}
