using System.Formats.Tar;
using Gfxbake.Formats.Files;
using Gfxbake.Formats.Zstd;

namespace Gfxbake.Pipeline.Sharing;

/// <summary>Writes texts as a tar.zst; the same texts make the same bytes.</summary>
public static class ShareArchive
{
    private const UnixFileMode Mode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    /// <param name="path">The archive.</param>
    /// <param name="folder">The one folder in it.</param>
    /// <param name="files">Names below it and their texts.</param>
    public static void Write(string path, string folder, IReadOnlyDictionary<string, byte[]> files)
    {
        using var tar = new MemoryStream();
        using (var writer = new TarWriter(tar, TarEntryFormat.Ustar, leaveOpen: true))
        {
            foreach (var (name, content) in files.OrderBy(f => f.Key, StringComparer.Ordinal))
            {
                writer.WriteEntry(
                    new UstarTarEntry(TarEntryType.RegularFile, $"{folder}/{name}")
                    {
                        Mode = Mode,
                        ModificationTime = DateTimeOffset.UnixEpoch,
                        DataStream = new MemoryStream(content),
                    }
                );
            }
        }

        AtomicFile.Write(
            path,
            stream =>
            {
                using var zstd = new ZstdWriteStream(stream, new ZstdEffort(9, LongDistance: false) { Checksum = true }, tar.Length);
                zstd.Write(tar.ToArray());
                zstd.Finish();
            }
        );
    }
}
