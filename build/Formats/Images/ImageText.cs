using System.Text;
using Gfxbake.Formats.Tar;

namespace Gfxbake.Formats.Images;

/// <summary>Reads text files of an image, all of them together within one budget of bytes.</summary>
public sealed class ImageText(ImageFileSystem image, long budget)
{
    private readonly long limit = budget;
    private long left = budget;

    /// <summary>The lines with their numbers from 1 on; what isn't UTF-8 becomes U+FFFD.</summary>
    public IEnumerable<(string Line, int Number)> Lines(ImageEntry entry)
    {
        // Links may name one file a million times, so the budget is for all reads and not for each file.
        if (entry.Size > left)
        {
            throw image.Fault(
                entry,
                $"'{entry.Path}' and the files read with it are larger than {limit} bytes",
                "dpkg writes nothing like it; look into the image."
            );
        }

        left -= entry.Size;
        var bytes = new byte[entry.Size];
        using (var content = image.OpenFile(entry))
        {
            content.ReadExactly(bytes);
        }

        return Split(bytes);
    }

    public ImageFormatException Fault(ImageEntry entry, int line, string what) =>
        image.Fault(entry, $"'{entry.Path}' line {line}: {what}", "Repair the dpkg database in the image, or make the image again.");

    private static IEnumerable<(string Line, int Number)> Split(byte[] bytes)
    {
        var number = 0;
        for (var start = 0; start < bytes.Length; )
        {
            var end = Array.IndexOf(bytes, (byte)'\n', start);
            end = end < 0 ? bytes.Length : end;
            yield return (Encoding.UTF8.GetString(bytes, start, end - start), ++number);
            start = end + 1;
        }
    }
}
