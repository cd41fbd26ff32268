using Cake.Common.Diagnostics;
using Cake.Core;
using Gfxbake.Formats.Text;
using Gfxbake.Host.Serving;
using Gfxbake.Host.Steps;
using Gfxbake.Pipeline.Run;
using Gfxbake.Pipeline.ServerLog;
using Gfxbake.Pipeline.Sharing;
using Gfxbake.Recipes.Shared;

namespace Gfxbake.Host.Ollama;

/// <summary>An archive for an upstream report, with nothing personal in it.</summary>
/// <param name="context">The build.</param>
public sealed class ShareReport(BuildContext context)
{
    private static readonly string[] UserVariables = ["SUDO_USER", "USER", "LOGNAME"];

    /// <exception cref="CakeException">There is nothing to report.</exception>
    public void Run()
    {
        var facts = context.Book.Share;
        var content = new ShareContent(facts, new Scrubber(facts.Rules, Known(), context.Machine));
        var files = content.Present(context.Root, context.Recipe.Name).ToList();
        // A recipe alone is no report.
        if (!files.Any(f => f.Path.StartsWith(context.Paths.Artifacts + "/", StringComparison.Ordinal)))
        {
            throw new CakeException(
                $"there is nothing of {context.Recipe.Name} to report in {context.Paths.Show(context.Paths.Artifacts)}; "
                    + context.RunFirst("BuildOllama")
            );
        }

        foreach (var (name, path) in files)
            content.AddFile(name, path);
        content.Add("machine.txt", content.Machine(context.Machine));
        content.Add("doctor.txt", string.Join('\n', HostText.Lines(MachineCheck.Of(context, context.Machine))) + "\n");
        if (File.Exists(context.Paths.OllamaServerLog))
            content.Add("checkollama.txt", Log() + "\n");
        content.Add("about.txt", content.About());
        Told(content);
        if (DryRun.Asked(context))
            return;
        var archive = context.Value(Arguments.Output) is { } given ? context.FromCaller(given) : context.Paths.Share;
        ShareArchive.Write(archive, $"{context.Recipe.Name}-report", content.Files);
        context.Information(
            "  {0}: {1}; look through it before you give it away",
            context.Paths.Show(archive),
            SizeText.Of(new FileInfo(archive).Length)
        );
    }

    private void Told(ShareContent content)
    {
        foreach (var (name, bytes) in content.Files)
        {
            var cut = content.Cut.Contains(name) ? ", its end only" : "";
            context.CommandLine.Output.WriteLine($"  {name, -28} {SizeText.Of(bytes.Length)}{cut}");
        }

        foreach (var line in content.About().TrimEnd().Split('\n').Skip(1))
            context.CommandLine.Output.WriteLine($"  {line}");
    }

    private string Log()
    {
        using var log = File.OpenRead(context.Paths.OllamaServerLog);
        return string.Join('\n', LogReportText.Lines(new LogCheckup(context.Book.OllamaLog).Of(log)));
    }

    private ILookup<KnownThing, string> Known()
    {
        IEnumerable<(KnownThing Kind, string? Value)> all =
        [
            (KnownThing.Home, context.Root),
            (KnownThing.Home, Environment.GetFolderPath(Environment.SpecialFolder.UserProfile)),
            (KnownThing.Home, Environment.GetEnvironmentVariable("HOME")),
            (KnownThing.User, Environment.UserName),
            .. UserVariables.Select(v => (KnownThing.User, Environment.GetEnvironmentVariable(v))),
            (KnownThing.Host, Environment.MachineName),
            (KnownThing.Host, context.Machine.Read("/etc/hostname")),
        ];
        return all.Where(v => v.Value is not null)
            .Select(v => (v.Kind, Value: v.Value!))
            .SelectMany(v => v.Kind == KnownThing.Host ? [v, (v.Kind, v.Value.Split('.')[0])] : new[] { v })
            .ToLookup(v => v.Kind, v => v.Value);
    }
}
