using Gfxbake.Formats.Files;
using Gfxbake.Pipeline.Steps;

namespace Gfxbake.Pipeline.Devices;

/// <summary>A folder of files that an image build makes at /kit, for containers to mount.</summary>
/// <param name="Folder">Where the Dockerfiles of its kind lie, from the top of the repository, with '/' at the end.</param>
/// <param name="From">The one of these folders that makes it.</param>
/// <param name="Image">Name that the image gets.</param>
/// <param name="Context">Folder of the build.</param>
/// <param name="Values">Build arguments.</param>
internal sealed record KitBuild(string Folder, string From, string Image, string Context, IReadOnlyDictionary<string, string> Values)
{
    private const string Kit = "/kit";

    /// <summary>Further folders, whose files get into the build below their name.</summary>
    public IReadOnlyList<string> With { get; init; } = [];

    /// <summary>Arguments that each of these Dockerfiles takes.</summary>
    /// <param name="from">The base image.</param>
    /// <param name="installCompiler">What installs a C compiler in it; null: apt-get.</param>
    public static Dictionary<string, string> Arguments(string from, string? installCompiler)
    {
        var arguments = new Dictionary<string, string> { ["BASE"] = from };
        if (installCompiler is not null)
            arguments["INSTALL_COMPILER"] = installCompiler;
        return arguments;
    }

    /// <summary>Files of such a folder by their path in the repository.</summary>
    public static IEnumerable<KeyValuePair<string, string>> Templates(Workspace workspace, string folder, string from)
    {
        var below = folder["docker/".Length..] + from;
        return Fingerprint
            .FilesOf(Path.Combine(workspace.Paths.Docker, below))
            .Select(f => KeyValuePair.Create($"{folder}{from}/{f}", workspace.Template($"{below}/{f}")));
    }

    /// <summary>Makes the files anew.</summary>
    /// <param name="engine">Builds.</param>
    /// <param name="templates">What <see cref="Templates"/> gave.</param>
    /// <param name="kit">Where they go.</param>
    public void Make(IEngine engine, IReadOnlyDictionary<string, string> templates, string kit)
    {
        var folder = Folders.Empty(Context);
        foreach (var (part, below) in With.Select(w => (w, w)).Prepend((From, "")))
        {
            var from = $"{Folder}{part}/";
            foreach (var (path, text) in templates.Where(t => t.Key.StartsWith(from, StringComparison.Ordinal)))
                AtomicFile.WriteText(Path.Combine(folder, below, path[from.Length..]), text);
        }

        var image = engine.Build(
            new ImageBuild
            {
                Name = Image,
                Folder = folder,
                Arguments = Values,
            }
        );
        Folders.Remove(kit);
        Directory.CreateDirectory(Path.GetDirectoryName(kit)!);
        engine.CopyOut(image, Kit, kit);
    }
}
