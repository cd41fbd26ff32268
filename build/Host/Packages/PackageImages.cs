using Cake.Core;
using Gfxbake.Formats.Files;
using Gfxbake.Host.Tools;

namespace Gfxbake.Host.Packages;

/// <summary>
/// The images of one package's making: the finished package, and the alternate root with it installed. Both go when they are no longer
/// needed.
/// </summary>
public sealed class PackageImages(BuildContext context, string format, string folder) : IDisposable
{
    // The script that installs the package writes it, a line for each thing that it proved.
    private const string Proven = "/gfxbake-proven.txt";

    private readonly Dictionary<string, string> ids = [];
    private bool keep;

    /// <summary>Id of the alternate root with the package.</summary>
    public string InstalledId { get; private set; } = "";

    private string Installed { get; } = context.Image(format + "-installed");

    /// <summary>Where the package was built.</summary>
    public string Builder { get; private set; } = "";

    private string Package { get; } = context.Image(format + "-package");

    /// <summary>Builds the package; gives the id of the image that holds it.</summary>
    public string Build(long epoch)
    {
        var builder = context.Image(format + "-builder");
        Builder = Bases.Provide(context, context.Book.Packaging.Format(format).Image, context.Book.Packaging.Standin, builder).Text;
        var bases = new Dictionary<string, string>
        {
            ["BASE"] = context.From(builder, context.NeedImageId(builder)),
            ["DEBIAN"] = StandinImage.Provide(context),
        };
        var tools = Folders.Empty(folder + "-tools");
        File.Copy(Path.Combine(context.Paths.PackageTemplates, format + "-tools.Dockerfile"), Path.Combine(tools, "Dockerfile"));
        File.Copy(Path.Combine(context.Paths.PackageTemplates, format + "-tools.sh"), Path.Combine(tools, format + "-tools.sh"));
        foreach (var target in new[] { "root", "tools" })
            ids[target] = context.BuildImage(Tools(target), tools, bases, target: target);
        return Build(Package, "package", epoch);
    }

    /// <summary>Installs it in the alternate root; gives what that proved.</summary>
    /// <param name="built">What Build gave, unpacked.</param>
    /// <param name="older">An older package of the same name, which is to be upgraded, or null.</param>
    /// <param name="epoch">Seconds since 1970.</param>
    public IReadOnlyList<string> Install(PackageOutput built, string? older, long epoch)
    {
        var packages = Folders.Empty(Path.Combine(folder, "packages"));
        foreach (var name in Fingerprint.FilesOf(built.Folder))
            HardLink.OrCopy(Path.Combine(built.Folder, name), Path.Combine(packages, name));
        if (older is not null)
        {
            HardLink.OrCopy(
                older,
                Path.Combine(Directory.CreateDirectory(Path.Combine(packages, "older")).FullName, Path.GetFileName(older))
            );
        }

        InstalledId = Build(Installed, "installed", epoch);
        var file = Path.Combine(folder, Path.GetFileName(Proven));
        Containers.WithStopped(context, InstalledId, container => context.EngineCommand("cp", container + ":" + Proven, file));
        List<string> lines =
        [
            .. File.ReadLines(file).Where(l => l.Length > 0).Select(l => string.Concat(l.Where(c => !char.IsControl(c)))),
        ];
        return lines.Count > 0
            ? lines
            : throw new CakeException($"docker/packages/{format}-install.sh says nothing of what it proved; it must write {Proven}");
    }

    /// <summary>Leaves the installed root for whoever looks for a fault; gives its name.</summary>
    public string Keep()
    {
        keep = true;
        return Installed;
    }

    public void Dispose()
    {
        if (context.Interruption.Requested)
            return;
        foreach (var image in new[] { Installed, Package }.Where(i => !(keep && i == Installed) && context.ImageId(i) is not null))
            context.EngineCommand("rmi", image);
    }

    private string Tools(string target) => context.Image($"{format}-{target}");

    // Made anew, and no layer kept: the engine's cache would hold the runtime once more for each, and a package that came out of the cache
    // would prove nothing.
    private string Build(string image, string target, long epoch) =>
        context.BuildImage(
            image,
            folder,
            new Dictionary<string, string>
            {
                ["TOOLS"] = context.From(Tools("tools"), ids["tools"]),
                ["ROOT"] = context.From(Tools("root"), ids["root"]),
                ["RUN_USER"] = PackageKey.Of(context).User,
            },
            epoch,
            target,
            kept: false
        );
}
