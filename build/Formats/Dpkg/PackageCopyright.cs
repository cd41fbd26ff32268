using System.Text;
using Gfxbake.Formats.Images;
using Gfxbake.Formats.Tar;

namespace Gfxbake.Formats.Dpkg;

/// <summary>The copyright files of an image's Debian packages.</summary>
internal static class PackageCopyright
{
    // The longest in Debian, of the kernel and of browsers, have less than 3 MB.
    private const int MaxBytes = 8 << 20;

    public static string PathOf(string package) => $"/usr/share/doc/{package}/copyright";

    /// <summary>The text, the first 8 MiB of it; null when the image has no such file. What isn't UTF-8 becomes U+FFFD.</summary>
    public static string? Read(ImageFileSystem image, string package) =>
        image.Resolve(PathOf(package)).Target is { Kind: EntryKind.File or EntryKind.HardLink } file ? Read(image, file) : null;

    private static string Read(ImageFileSystem image, ImageEntry file)
    {
        using var content = image.OpenFile(file);
        var bytes = new byte[Math.Min(content.Length, MaxBytes)];
        content.ReadExactly(bytes);
        return Encoding.UTF8.GetString(bytes);
    }
}
