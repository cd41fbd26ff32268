using Gfxbake.Formats.Files;
using Gfxbake.Pipeline.Base;
using Gfxbake.Pipeline.Steps;

namespace Gfxbake.Pipeline.Outputs.Package;

/// <summary>
/// The images of one package's making: the finished package, and the alternate root with it installed. Both go when they are no longer
/// needed.
/// </summary>
public sealed class PackageImages(PackageInput input, IEngine engine, IBases bases, string folder, CancellationToken cancellation)
    : IDisposable
{
    // The script that installs the package writes it, a line for each thing that it proved.
    private const string Proven = "/gfxbake-proven.txt";

    private readonly Dictionary<string, string> ids = [];
    private bool keep;

    /// <summary>Id of the alternate root with the package.</summary>
    public string InstalledId { get; private set; } = "";

    /// <summary>Where the package was built.</summary>
    public string Builder { get; private set; } = "";

    private string Installed => Name("installed");

    private string Package => Name("package");

    /// <summary>Builds the package; gives the id of the image that holds it.</summary>
    public string Build()
    {
        var (builder, origin) = bases.Use(engine, input.Settings.Image, input.Facts.Standin, Name("builder"));
        Builder = origin.Text;
        // A bare Debian, for the shell of the alternate root.
        var (debian, _) = bases.Use(engine, null, input.Facts.Standin, input.Names.Own("standin"));
        var tools = Folders.Empty(folder + "-tools");
        var (dockerfile, script) = (input.Format + "-tools.Dockerfile", input.Format + "-tools.sh");
        AtomicFile.WriteText(Path.Combine(tools, "Dockerfile"), input.Files.Scripts[dockerfile]);
        AtomicFile.WriteText(Path.Combine(tools, script), input.Files.Scripts[script]);
        foreach (var target in new[] { "root", "tools" })
        {
            ids[target] = engine.Build(
                new ImageBuild
                {
                    Name = Name(target),
                    Folder = tools,
                    Arguments = new Dictionary<string, string> { ["BASE"] = builder, ["DEBIAN"] = debian },
                    Target = target,
                }
            );
        }

        return Build(Package, "package");
    }

    /// <summary>Installs it in the alternate root; gives what that proved.</summary>
    /// <param name="built">What Build gave, unpacked.</param>
    /// <param name="older">An older package of the same name, which is to be replaced, or null; its version may be the same.</param>
    public IReadOnlyList<string> Install(PackageOutput built, string? older)
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

        InstalledId = Build(Installed, "installed");
        var file = Path.Combine(folder, Path.GetFileName(Proven));
        engine.CopyOut(InstalledId, Proven, file);
        List<string> lines =
        [
            .. File.ReadLines(file).Where(l => l.Length > 0).Select(l => string.Concat(l.Where(c => !char.IsControl(c)))),
        ];
        return lines.Count > 0
            ? lines
            : throw new StepException($"docker/packages/{input.Format}-install.sh says nothing of what it proved; it must write {Proven}");
    }

    /// <summary>Leaves the installed root for whoever looks for a fault; gives its name.</summary>
    public string Keep()
    {
        keep = true;
        return Installed;
    }

    public void Dispose()
    {
        if (cancellation.IsCancellationRequested)
            return;
        foreach (var image in new[] { Installed, Package }.Where(i => !(keep && i == Installed) && engine.ImageId(i) is not null))
            engine.Remove(image);
    }

    private string Name(string kind) => input.Names.Own($"{input.Format}-{kind}");

    // Made anew, and no layer kept: the engine's cache would hold the runtime once more for each, and a package that came out of the cache
    // would prove nothing.
    private string Build(string image, string target) =>
        engine.Build(
            new ImageBuild
            {
                Name = image,
                Folder = folder,
                Arguments = new Dictionary<string, string>
                {
                    ["TOOLS"] = engine.From(Name("tools"), ids["tools"]),
                    ["ROOT"] = engine.From(Name("root"), ids["root"]),
                    ["RUN_USER"] = input.User,
                },
                Epoch = input.Runtime.Epoch,
                Target = target,
                IsKept = false,
            }
        );
}
