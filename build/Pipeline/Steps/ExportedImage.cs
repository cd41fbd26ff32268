using Gfxbake.Formats.Files;
using Gfxbake.Formats.Images;

namespace Gfxbake.Pipeline.Steps;

/// <summary>An image's file system as the engine exports it, for as long as somebody looks at it.</summary>
public static class ExportedImage
{
    /// <param name="engine">Has the image.</param>
    /// <param name="folder">Where it is exported to for a while.</param>
    /// <param name="id">The image, never a name: a name may be moved at any time.</param>
    /// <param name="use">Gets the file system and the export's size in bytes.</param>
    public static T Use<T>(IEngine engine, string folder, string id, Func<ImageFileSystem, long, T> use)
    {
        // Two images may be looked at at once.
        var tar = Path.Combine(folder, $"export-{Guid.NewGuid():n}.tar{AtomicFile.PartialEnding}");
        try
        {
            engine.Export(id, tar);
            using var files = ImageFileSystem.Open(tar);
            return use(files, new FileInfo(tar).Length);
        }
        finally
        {
            File.Delete(tar);
        }
    }
}
