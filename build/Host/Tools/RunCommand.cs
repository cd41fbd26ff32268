using Cake.Common;
using Gfxbake.Formats.Text;
using Gfxbake.Pipeline.Serving;
using Gfxbake.Pipeline.Steps;
using Gfxbake.Recipes.Model;

namespace Gfxbake.Host.Tools;

/// <summary>The command that runs an image on this machine, for people to copy.</summary>
/// <param name="context">The build.</param>
public sealed class RunCommand(BuildContext context)
{
    // podman's defaults may not work here; the rest of the engine's environment is for builds.
    private const string Settings = "CONTAINERS_CONF";

    private readonly bool needsKfd = context.Book.RunsOnRocr(context.Variant);

    /// <summary>The command, and what to know about it, in lines that fit a terminal.</summary>
    public IEnumerable<string> Lines(string image)
    {
        var gpu = GpuNodes.Find(context.Machine, needsKfd, context.Book.Gpus[context.Recipe.Gpu].GfxTargetVersion);
        var run = new ProgramRun
        {
            Image = image,
            Ports = [.. context.Recipe.Image.Ports.Select(p => new PublishedPort(PublishedPort.Loopback, p, p))],
            Mounts = context.Recipe.Models.Count > 0 ? [new Mount("~/models", RunRule.Folder)] : [],
            Devices = gpu.Paths,
            Groups = gpu.Groups,
        };
        yield return "Run it with its program's own arguments at the end:";
        foreach (var line in Command(run))
            yield return line;
        if (context.Recipe.Models.Count > 0)
            yield return "~/models must be there: your models, which the program sees in /models.";
        if (gpu.Missing is null)
            yield break;
        yield return $"This machine has no AMD GPU that is ready ({gpu.Missing}), so it computes on the CPU.";
        yield return "Where there is one, add before the image's name:";
        var usual = GpuNodes.Usual(needsKfd).Paths;
        foreach (
            var line in ShellText.Lines([.. usual.Select(n => $"--device {n}"), .. usual.Select(n => $"--group-add $(stat -c %g {n})")])
        )
        {
            yield return line;
        }
    }

    /// <summary>A command with all that this machine's engine needs, as lines.</summary>
    public IEnumerable<string> Command(ProgramRun run)
    {
        List<string> words = [.. RunWords.Texts(run)];
        return ShellText.Lines([.. Before(), $"{Program()} {words[0]}", .. words[1..]]);
    }

    private IEnumerable<string> Before()
    {
        // The image lies in the storage of whoever built it.
        List<string> start = context.EnvironmentVariable("SUDO_UID") is { Length: > 0 } ? ["sudo"] : [];
        if (context.Engine.Environment.TryGetValue(Settings, out var settings))
        {
            yield return string.Join(
                ' ',
                [.. start, .. start.Count > 0 ? ["env"] : Array.Empty<string>(), $"{Settings}={ShellText.Quote(settings)}"]
            );
        }
        else if (start.Count > 0)
        {
            yield return start[0];
        }
    }

    private string Program()
    {
        var name = context.Engine.Kind.ToString().ToLowerInvariant();
        return context.Tools.Resolve(name)?.FullPath == context.Engine.Path ? name : ShellText.Quote(context.Engine.Path);
    }
}
