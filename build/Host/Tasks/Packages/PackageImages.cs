using Cake.Core;
using Gfxbake.Core.Recipes;
using Gfxbake.Host.Tools;

namespace Gfxbake.Host.Tasks.Packages;

/// <summary>The images of one package's making: the finished package, and the alternate root with it installed. Both go when they are no longer needed.</summary>
internal sealed class PackageImages(BuildContext context, string format, string folder) : IDisposable
{
    // Target `installed` of each Dockerfile puts the lines there that its script printed.
    private const string Proven = "/gfxbake-proven.txt";

    private bool keep;

    public string Installed { get; } = context.Image(format + "-installed");

    /// <summary>Where the package was built.</summary>
    public string Builder { get; private set; } = "";

    private string Package { get; } = context.Image(format + "-package");

    /// <summary>Builds the package; gives the image that holds it.</summary>
    public string Build(PackageFormat settings, long epoch)
    {
        Builder = Bases.Provide(context, settings.Image, context.Book.Packaging.Standin, context.Image(format + "-tools")).Text;
        Build(Package, "package", epoch);
        return Package;
    }

    /// <summary>Installs it in the alternate root; gives what that proved.</summary>
    public IReadOnlyList<string> Install(long epoch)
    {
        Build(Installed, "installed", epoch);
        var file = Path.Combine(folder, Path.GetFileName(Proven));
        Containers.WithStopped(context, Installed, container => context.EngineCommand("cp", container + ":" + Proven, file));
        List<string> lines = [.. File.ReadLines(file).Where(l => l.Length > 0).Select(l => string.Concat(l.Where(c => !char.IsControl(c))))];
        return lines.Count > 0 ? lines : throw new CakeException($"docker/packages/{format}-install.sh says nothing of what it proved; it must write {Proven}");
    }

    /// <summary>Leaves the installed root for whoever looks for a fault; gives its name.</summary>
    public string Keep()
    {
        keep = true;
        return Installed;
    }

    public void Dispose()
    {
        if (context.Interruption.Requested) return;
        foreach (var image in new[] { Installed, Package }.Where(i => !(keep && i == Installed) && context.ImageId(i) is not null)) context.EngineCommand("rmi", image);
    }

    private void Build(string image, string target, long epoch) => context.BuildImage(image, folder, new Dictionary<string, string>
    {
        ["BASE"] = context.Image(format + "-tools"),
        ["DEBIAN"] = PackageMaker.Standin(context),
        ["RUN_USER"] = PackageMaker.Rules(context).User,
    }, epoch, target);
}
