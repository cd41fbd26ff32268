using Gfxbake.Formats.Files;
using Gfxbake.Formats.Strace;
using Gfxbake.Pipeline.Devices;
using Gfxbake.Pipeline.Steps;
using Gfxbake.Recipes.Model;

namespace Gfxbake.Pipeline.Trace;

/// <summary>Runs a recipe's workloads in an image, bare or under strace.</summary>
/// <param name="engine">Runs the containers.</param>
/// <param name="places">What containers get from this machine.</param>
/// <param name="outside">Variables that are set from outside: of programs of a package, what the recipe says of a container.</param>
/// <param name="cancellation">After it a container that was interrupted may still write.</param>
public sealed class WorkloadRunner(
    IStarter engine,
    WorkloadPlaces places,
    IReadOnlyDictionary<string, string>? outside = null,
    CancellationToken cancellation = default
)
{
    // Measured: strace with a seccomp filter makes the workloads 2 to 4 times slower, loaded machines more.
    private const int StraceFactor = 5;

    private const string Trace = "/gfxbake-trace";

    /// <summary>Where engines or workloads mount something over the image: what lies there is no part of it.</summary>
    public static IReadOnlyList<string> Mounts { get; } = ["/proc", "/sys", "/dev", "/run", "/tmp", TestInputs.Folder, Trace, Device.Kits];

    /// <summary>What workloads get of the machine's GPU; null: nothing.</summary>
    public GpuAccess? Gpu { get; init; }

    /// <summary>Looks at a server after its last answer.</summary>
    public Action<IContainer>? Look { get; init; }

    public WorkloadResult Run(Workload workload, string image) => Run(workload, image, null);

    /// <summary>Runs under strace, which writes its log to a new file.</summary>
    public WorkloadResult RunTraced(Workload workload, string image, string log)
    {
        var folder = log + AtomicFile.PartialEnding;
        var open = Folders.OpenToAll(folder, "log");
        try
        {
            var result = Run(workload, image, open);
            var written = Path.Combine(open, "strace");
            // The program could write here too: no link, pipe or folder is taken for the log.
            if (new FileInfo(written) is not { Exists: true, LinkTarget: null, Length: > 0 })
                throw new StepException($"workload {workload.Name}: strace wrote no log: {result.Stderr.Trim()}");
            File.Move(written, log, overwrite: true);
            return result;
        }
        finally
        {
            // The container of an interrupted run still writes here; whoever removes that removes this too.
            if (!cancellation.IsCancellationRequested)
                Directory.Delete(folder, recursive: true);
        }
    }

    private WorkloadResult Run(Workload workload, string image, string? traceFolder)
    {
        var limit = TimeSpan.FromSeconds(workload.Timeout * (workload.On?.TimeFactor ?? 1) * (traceFolder is null ? 1 : StraceFactor));
        using var run = engine.Start(Settings(workload, image, traceFolder));
        var server = workload.Serve is { } serve
            ? new ServerProbe(engine, run, serve, places.Healthcheck, places.Models, limit) { Look = Look }.Run(traceFolder is not null)
            : null;
        var status = server?.Failure is null || run.HasExited ? run.Wait(limit) : null;
        if (status is null)
            run.Kill();
        const int timedOut = 124;
        return new WorkloadResult
        {
            Name = workload.Name,
            ExitCode = status ?? timedOut,
            Stdout = run.Stdout,
            Stderr = run.Stderr,
            Answers = server?.Answers ?? [],
            Clients = server?.Clients ?? [],
            Failure = server?.Failure ?? (status is null ? $"did not end within {limit.TotalSeconds:F0} s" : null),
        };
    }

    private ContainerStart Settings(Workload workload, string image, string? traceFolder)
    {
        var environment = new Dictionary<string, string>(workload.Environment);
        foreach (var (key, value) in outside ?? new Dictionary<string, string>())
            environment.TryAdd(key, value);
        var mounts = new List<Mount> { new(places.Models, TestInputs.Folder) };
        var command = workload.Command;
        if (workload.On is { } device)
        {
            foreach (var (key, value) in device.Environment)
                environment[key] = value;
            var kit = places.Kit(device.Name);
            mounts.AddRange(DeviceParts.Mounts(device, kit));
            command =
            [
                .. device.Wrapper(kit) ?? throw new StepException($"{device.Name} is not installed, and {workload.Name} runs on it"),
                .. command,
            ];
        }

        if (traceFolder is not null)
            mounts.Add(new(traceFolder, Trace, Writable: true));
        return new ContainerStart
        {
            Image = image,
            Program = traceFolder is null ? command[0] : "strace",
            Arguments = traceFolder is null ? [.. command.Skip(1)] : [.. StraceReader.Options, "-o", Trace + "/strace", "--", .. command],
            Environment = environment,
            Mounts = mounts,
            Nodes = workload.On is null ? [] : DeviceParts.Nodes(workload.On),
            Port = workload.Serve?.Port,
            Gpu = Gpu,
        };
    }
}

/// <summary>What workloads get from this machine.</summary>
/// <param name="Paths">Where models and devices lie.</param>
/// <param name="Healthcheck">The image's own, if it has one.</param>
public sealed record WorkloadPlaces(BuildPaths Paths, Healthcheck? Healthcheck)
{
    /// <summary>Folder of models and test files.</summary>
    public string Models => Paths.Models;

    public static WorkloadPlaces Of(Workspace workspace) => new(workspace.Paths, workspace.Recipe.Image.Healthcheck);

    /// <summary>Folder of a device.</summary>
    public string Kit(string device) => Paths.Kit(device);
}
