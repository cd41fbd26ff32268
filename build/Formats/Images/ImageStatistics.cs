using Gfxbake.Formats.Tar;

namespace Gfxbake.Formats.Images;

/// <summary>Counts and sizes of the entries of an image or of a part of it.</summary>
/// <remarks>
/// FileBytes is the sum of the sizes of all files, the content of hard links counted once. HardLinks are the further names of
/// a file, Others devices and fifos.
/// </remarks>
public sealed record ImageStatistics(long FileBytes, int Files, int Directories, int SymbolicLinks, int HardLinks, int Others)
{
    /// <summary>Counts entries of one image; of hard links whose file is left out one counts as the file.</summary>
    public static ImageStatistics Of(IEnumerable<ImageEntry> entries)
    {
        var seen = new HashSet<long>();
        var result = new ImageStatistics(0, 0, 0, 0, 0, 0);
        foreach (var entry in entries)
        {
            result = entry.Kind switch
            {
                EntryKind.File or EntryKind.HardLink => seen.Add(entry.DataOffset)
                    ? result with
                    {
                        Files = result.Files + 1,
                        FileBytes = result.FileBytes + entry.Size,
                    }
                    : result with
                    {
                        HardLinks = result.HardLinks + 1,
                    },
                EntryKind.Directory => result with { Directories = result.Directories + 1 },
                EntryKind.SymbolicLink => result with { SymbolicLinks = result.SymbolicLinks + 1 },
                _ => result with { Others = result.Others + 1 },
            };
        }

        return result;
    }
}
