using Cake.Core;
using Gfxbake.Formats.Files;

namespace Gfxbake.Host.Tools;

/// <summary>The file in which a builder leaves the id of what it built (--iidfile).</summary>
/// <param name="log">The build's log; the file lies beside it while the build runs.</param>
internal sealed class ImageIdFile(string log) : IDisposable
{
    public string Path { get; } = log + ".id" + AtomicFile.PartialEnding;

    /// <exception cref="CakeException">The builder left no id, or the engine has no such image.</exception>
    public string Read(BuildContext context, string image)
    {
        var written = File.Exists(Path) ? File.ReadAllText(Path).Trim() : "";
        // Where containerd keeps docker's images, their ids are digests of manifests, and buildx writes the configuration's.
        return (written.Length > 0 ? context.ImageId(written.Replace("sha256:", "")) : null) ?? context.NeedImageId(image);
    }

    public void Dispose() => File.Delete(Path);
}
