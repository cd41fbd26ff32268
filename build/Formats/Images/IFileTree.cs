using Gfxbake.Formats.Tar;

namespace Gfxbake.Formats.Images;

/// <summary>Files below a root that no link leads out of: an image's, or those of a folder.</summary>
public interface IFileTree
{
    /// <summary>Walks a path as the kernel would with the tree's root as root.</summary>
    /// <param name="path">Any path; a slash at its end asks for a directory.</param>
    /// <param name="followLast">False stops at a symbolic link in the last place.</param>
    PathResolution Resolve(string path, bool followLast = true);

    /// <summary>What a directory holds directly, by path in ordinal order; nothing for other paths.</summary>
    /// <param name="directory">Its own path, as Resolve gives it.</param>
    IReadOnlyList<ImageEntry> Children(string directory);

    /// <summary>The content of a file or hard link: seekable and read only.</summary>
    Stream OpenFile(ImageEntry entry);
}
