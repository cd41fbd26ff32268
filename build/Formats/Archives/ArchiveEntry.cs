using System.Formats.Tar;

namespace Gfxbake.Formats.Archives;

/// <summary>Adds a file to an archive of an image: no time, no owner, the same bytes each time.</summary>
internal static class ArchiveEntry
{
    public static void Add(TarWriter tar, string name, Stream content) =>
        tar.WriteEntry(
            new PaxTarEntry(TarEntryType.RegularFile, name)
            {
                DataStream = content,
                ModificationTime = DateTimeOffset.UnixEpoch,
                Mode = (UnixFileMode)0x1a4,
            }
        );
}
