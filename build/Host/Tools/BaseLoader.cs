using Gfxbake.Formats.Archives;
using Gfxbake.Formats.Files;

namespace Gfxbake.Host.Tools;

/// <summary>Gives the engine a base that was bootstrapped here.</summary>
/// <remarks>An import would get a new id each time; the same bytes keep theirs on every machine, and with it every cached layer on
/// top.</remarks>
public static class BaseLoader
{
    /// <param name="context">The build.</param>
    /// <param name="tar">The root file system.</param>
    /// <param name="sha256">Its digest, hexadecimal.</param>
    /// <param name="image">Name that the image gets.</param>
    public static void Load(BuildContext context, string tar, string sha256, string image)
    {
        var id = DockerArchiveWriter.ImageId(sha256);
        if (context.ImageId(id) is null)
            Load(context, archive => DockerArchiveWriter.Write(archive, tar, sha256, image));
        // Where containerd keeps docker's images the id is another one, and the archive's name has just been given.
        if (context.ImageId(id) is not null)
            context.TagImage(id, image);
    }

    private static void Load(BuildContext context, Action<Stream> write)
    {
        // Beside the tar that it is made of: there was room for that.
        var archive = Path.Combine(context.Paths.Bases, $"{Environment.ProcessId}.docker.tar{AtomicFile.PartialEnding}");
        try
        {
            Directory.CreateDirectory(context.Paths.Bases);
            using (var output = File.Create(archive))
                write(output);
            EngineStream.LoadFile(context, archive);
        }
        finally
        {
            File.Delete(archive);
        }
    }
}
