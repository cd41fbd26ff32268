using System.Diagnostics;
using System.Text;
using Cake.Common.Diagnostics;
using Cake.Core;
using Gfxbake.Pipeline.Serving;
using Gfxbake.Pipeline.Steps;

namespace Gfxbake.Host.Tools;

/// <summary>
/// One running container: no capabilities, no new privileges, no network unless a port is asked for, output bounded. Not Cake's process
/// wrapper, because a server has to be talked to while it runs, and standard output and error are needed apart and whole.
/// </summary>
public sealed class ContainerRun : IContainer
{
    // A program that prints more than this has gone wild; what it prints further is read and thrown away.
    private const int MostOutput = 4 << 20;

    private const string MostLog = "max-size=64m";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    // Exit statuses of an engine that did not get the program to run; the reason is among its own words then.
    private const int FirstOfEngine = 125;
    private const int LastOfEngine = 127;

    private readonly BuildContext context;
    private readonly Process process;
    private readonly Task<string> attachedOutput;
    private readonly Task<string> attached;
    private readonly Lazy<(string Stdout, string Stderr)> output;
    private bool removed;

    private ContainerRun(BuildContext context, string name, Process process, Action<bool, string>? watch = null)
    {
        this.context = context;
        Name = name;
        this.process = process;
        attachedOutput = Task.Run(() => Read(process.StandardOutput, watch is null ? null : line => watch(false, line)));
        attached = Task.Run(() => Read(process.StandardError, watch is null ? null : line => watch(true, line)));
        output = new(() => Logs());
    }

    /// <summary>What every container is started with: no capabilities, no new privileges.</summary>
    public static IReadOnlyList<string> Flags { get; } = ["--cap-drop", "all", "--security-opt", "no-new-privileges", "--no-healthcheck"];

    public string Name { get; }

    public bool HasExited => process.HasExited;

    /// <summary>What the program has written up to the first look at it.</summary>
    public string Stdout => output.Value.Stdout;

    public string Stderr => output.Value.Stderr;

    public static ContainerRun Start(BuildContext context, ContainerStart settings)
    {
        var name = Containers.NewName();
        return new ContainerRun(context, name, Begin(context, Arguments(settings, name, Containers.Label(context), context.Engine.Kind)));
    }

    /// <summary>Starts what gets something of the machine, and hands on its lines while it runs.</summary>
    /// <param name="context">The build.</param>
    /// <param name="program">What runs.</param>
    /// <param name="watch">Gets each line of the standard error (true) and of the standard output, from two threads.</param>
    public static ContainerRun Start(BuildContext context, ProgramRun program, Action<bool, string> watch)
    {
        var name = Containers.NewName();
        List<string> words =
        [
            .. RunWords.Of(
                program,
                ["--name", name, "--label", Containers.Label(context), "--no-healthcheck", .. Log(context.Engine.Kind)]
            ),
        ];
        // Its log is read when it has ended.
        words.Remove("--rm");
        return new ContainerRun(context, name, Begin(context, words), watch);
    }

    private static Process Begin(BuildContext context, IReadOnlyList<string> words)
    {
        var info = new ProcessStartInfo(context.Engine.Path)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            StandardOutputEncoding = Encoding.UTF8,
            StandardErrorEncoding = Encoding.UTF8,
        };
        foreach (var word in words)
            info.ArgumentList.Add(word);
        foreach (var (key, value) in context.Engine.Environment)
            info.Environment[key] = value;
        var process = Process.Start(info) ?? throw new CakeException($"{context.Engine.Path} did not start");
        process.StandardInput.Close();
        return process;
    }

    /// <summary>
    /// The engine's log of the container: podman loses the end of what an attached client should get now and then. docker does it the
    /// other way round: right after the program's end its log may lack the end, and the attached client has it all.
    /// </summary>
    private (string Stdout, string Stderr) Logs()
    {
        using var logs = Begin(context, ["logs", Name]);
        var stdout = Task.Run(() => Read(logs.StandardOutput));
        var stderr = Task.Run(() => Read(logs.StandardError));
        if (!logs.WaitForExit(Patience))
            logs.Kill(entireProcessTree: true);
        var known = logs.ExitCode == 0;
        if (context.Engine.Kind == EngineKind.Docker && process.HasExited)
            return (Longer(known ? stdout.Result : "", attachedOutput.Result), Longer(known ? stderr.Result : "", attached.Result));
        var engineFailed = process.HasExited && process.ExitCode is >= FirstOfEngine and <= LastOfEngine;
        return (known ? stdout.Result : "", (known ? stderr.Result : "") + (engineFailed || !known ? attached.Result : ""));
    }

    /// <summary>Waits for the program's end; null when the time is over.</summary>
    public int? Wait(TimeSpan limit)
    {
        var end = DateTime.UtcNow + limit;
        while (!process.WaitForExit(TimeSpan.FromMilliseconds(100)))
        {
            context.Interruption.ThrowIfRequested();
            if (DateTime.UtcNow > end)
                return null;
        }

        process.WaitForExit();
        return process.ExitCode;
    }

    /// <summary>Ends the container at once and removes it, and ends its client even where the engine cannot remove the container.</summary>
    public void Kill()
    {
        if (removed || context.Interruption.Requested)
            return;
        removed = true;
        _ = output.Value;
        try
        {
            Containers.Remove(context, Name);
            if (process.WaitForExit(Patience))
                return;
        }
        catch (Exception exception) when (exception is EngineException or TimeoutException)
        {
            // What is really left is removed by its label at the next build.
            context.Warning("Container {0} may be left: {1}", Name, exception.Message);
        }

        process.Kill(entireProcessTree: true);
        process.WaitForExit();
    }

    public Uri? Address(int port)
    {
        try
        {
            var line = context.EngineCommand("port", Name, $"{port}/tcp").FirstOrDefault(l => l.Contains(':'));
            return line is null ? null : new Uri("http://" + line.Trim());
        }
        catch (EngineException)
        {
            // Not created yet: the run command has only just begun.
            return null;
        }
    }

    public IReadOnlyList<string> Execute(TimeSpan limit, params IEnumerable<string> words) =>
        context.EngineCommand(limit, ["exec", Name, .. words]);

    public IReadOnlyList<string> Maps(IReadOnlyList<string> words) => context.EngineCommand(Patience, ["exec", Name, .. words]);

    public void Interrupt() => context.EngineCommand("kill", "--signal", "INT", Name);

    public void Dispose()
    {
        Kill();
        process.Dispose();
    }

    /// <summary>The command line, without the engine's own name.</summary>
    public static IReadOnlyList<string> Arguments(ContainerStart settings, string name, string label, EngineKind engine)
    {
        List<string> words = ["run", "--name", name, "--label", label, .. Flags];
        words.AddRange([.. Log(engine), "--entrypoint", settings.Program]);
        words.AddRange(settings.Port is { } port ? ["--publish", $"127.0.0.1::{port}"] : ["--network", "none"]);
        foreach (var mount in settings.Mounts)
            words.AddRange(["--volume", $"{mount.Source}:{mount.Target}:{(mount.Writable ? "rw" : "ro")}"]);
        foreach (var node in settings.Nodes)
            words.AddRange(["--device", node]);
        if (settings.Gpu is { } gpu)
        {
            var program = new ProgramRun
            {
                Image = settings.Image,
                Devices = gpu.Nodes,
                Groups = gpu.Groups,
                KeepsGroups = gpu.KeepsGroups,
            };
            words.AddRange(RunWords.Gpu(program).SelectMany(w => w));
        }

        foreach (var (key, value) in settings.Environment.OrderBy(e => e.Key, StringComparer.Ordinal))
            words.AddRange(["--env", $"{key}={value}"]);
        words.Add(settings.Image);
        words.AddRange(settings.Arguments);
        return words;
    }

    private static string[] Log(EngineKind engine) =>
        ["--log-driver", engine == EngineKind.Podman ? "k8s-file" : "json-file", "--log-opt", MostLog];

    private static string Longer(string a, string b) => a.Length >= b.Length ? a : b;

    private static string Read(StreamReader reader, Action<string>? watch = null)
    {
        var lines = watch is null ? null : new LineWatch(watch);
        var text = new StringBuilder();
        var buffer = new char[1 << 14];
        for (int n; (n = reader.Read(buffer)) > 0; )
        {
            lines?.Add(buffer.AsSpan(0, n));
            if (text.Length < MostOutput)
                text.Append(buffer, 0, n);
        }

        lines?.End();
        return text.ToString();
    }
}
