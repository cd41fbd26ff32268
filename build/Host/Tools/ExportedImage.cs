using Gfxbake.Formats.Files;
using Gfxbake.Formats.Images;

namespace Gfxbake.Host.Tools;

/// <summary>An image's file system as the engine exports it, for as long as somebody looks at it.</summary>
public static class ExportedImage
{
    /// <param name="context">The build.</param>
    /// <param name="image">Id of a local image.</param>
    /// <param name="use">Gets the file system and the export's size in bytes.</param>
    public static T Use<T>(BuildContext context, string image, Func<ImageFileSystem, long, T> use)
    {
        // Two images may be looked at at once.
        var tar = Path.Combine(context.Paths.Build, $"export-{Containers.NewName()}.tar{AtomicFile.PartialEnding}");
        try
        {
            Containers.WithStopped(context, image, container => context.EngineCommand("export", "--output", tar, container));
            using var files = ImageFileSystem.Open(tar);
            return use(files, new FileInfo(tar).Length);
        }
        finally
        {
            File.Delete(tar);
        }
    }
}
