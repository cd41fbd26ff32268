using Cake.Common;
using Cake.Core.IO;

namespace Gfxbake.Host.Tools;

/// <summary>The command that runs an image on this machine, for people to copy.</summary>
/// <param name="context">The build.</param>
/// <param name="devices">Where the machine's device nodes are.</param>
public sealed class RunCommand(BuildContext context, string devices = "/dev")
{
    private const int Columns = 80;

    // podman's defaults may not work here; the rest of the engine's environment is for builds.
    private const string Settings = "CONTAINERS_CONF";

    private readonly bool kfd = context.Book.RunsOnRocr(context.Variant);

    private string Gpu => kfd ? "--device /dev/kfd --device /dev/dri" : "--device /dev/dri";

    /// <summary>The command, and what to know about it, in lines that fit a terminal.</summary>
    public IEnumerable<string> Lines(string image)
    {
        List<string> renderers = [.. Renderers()];
        List<string> nodes = kfd ? [Path.Combine(devices, "kfd"), .. renderers] : renderers;
        var hasGpu = renderers.Count > 0 && nodes.All(File.Exists);
        yield return "Run it with its program's own arguments at the end:";
        foreach (var line in Wrap(Words(image, hasGpu ? [Gpu, .. Groups(nodes)] : [])))
            yield return line;
        if (context.Recipe.Models.Count > 0)
            yield return "~/models must be there: your models, which the program sees in /models.";
        if (hasGpu)
            yield break;
        var missing = kfd ? "/dev/kfd" : "/dev/dri/renderD*";
        yield return $"This machine has no AMD GPU that is ready ({missing}), so it computes on the CPU.";
        yield return "Where there is one, add before the image's name:";
        List<string> groups = kfd ? ["/dev/kfd", "/dev/dri/renderD128"] : ["/dev/dri/renderD128"];
        foreach (var line in Wrap([Gpu, .. groups.Select(g => $"--group-add $(stat -c %g {g})")]))
            yield return line;
    }

    private IEnumerable<string> Words(string image, IEnumerable<string> gpu)
    {
        // The image lies in the storage of whoever built it.
        List<string> start = context.EnvironmentVariable("SUDO_UID") is { Length: > 0 } ? ["sudo"] : [];
        if (context.Engine.Environment.TryGetValue(Settings, out var settings))
        {
            yield return string.Join(
                ' ',
                [.. start, .. start.Count > 0 ? ["env"] : Array.Empty<string>(), $"{Settings}={Hints.Quote(settings)}"]
            );
        }
        else if (start.Count > 0)
        {
            yield return start[0];
        }

        yield return Program() + " run --rm";
        foreach (var port in context.Recipe.Image.Ports)
            yield return $"-p {port}:{port}";
        if (context.Recipe.Models.Count > 0)
            yield return "-v ~/models:/models:ro";
        foreach (var word in gpu)
            yield return word;
        yield return image;
    }

    private string Program()
    {
        var name = context.Engine.Kind.ToString().ToLowerInvariant();
        return context.Tools.Resolve(name)?.FullPath == context.Engine.Path ? name : Hints.Quote(context.Engine.Path);
    }

    private IEnumerable<string> Renderers() =>
        Directory.Exists(Path.Combine(devices, "dri"))
            ? Directory.EnumerateFileSystemEntries(Path.Combine(devices, "dri"), "renderD*").Order(StringComparer.Ordinal)
            : [];

    /// <summary>By number: the image's groups have other numbers than the host's of the same name.</summary>
    private IEnumerable<string> Groups(IEnumerable<string> nodes)
    {
        var stat = new ProcessSettings { Arguments = EngineAliases.Words(["-L", "-c", "%g", .. nodes]), RedirectStandardOutput = true };
        return context.StartProcess("stat", stat, out var output) == 0
            ? output.Select(g => g.Trim()).Where(g => g.Length > 0).Distinct().Select(g => "--group-add " + g)
            : [];
    }

    private static IEnumerable<string> Wrap(IEnumerable<string> words)
    {
        var line = "";
        foreach (var word in words)
        {
            if (line.Length > 0 && line.Length + word.Length + 3 > Columns)
            {
                yield return line + " \\";
                line = "";
            }

            line += line.Length == 0 ? "    " + word : " " + word;
        }

        yield return line;
    }
}
