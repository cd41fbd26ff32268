using Cake.Core;
using Gfxbake.Formats.Files;
using Gfxbake.Formats.Strace;
using Gfxbake.Pipeline.Trace;
using Gfxbake.Recipes.Model;

namespace Gfxbake.Host.Workloads;

/// <summary>Runs a recipe's workloads in an image, bare or under strace.</summary>
/// <param name="context">The build.</param>
/// <param name="installed">Whether the programs come from a package: what the recipe says of a container is set from outside then.</param>
public sealed class WorkloadRunner(BuildContext context, bool installed = false)
{
    // Measured: strace with a seccomp filter makes the workloads 2 to 4 times slower, loaded machines more.
    private const int StraceFactor = 5;

    private const string Trace = "/gfxbake-trace";

    /// <summary>Where engines or workloads mount something over the image: what lies there is no part of it.</summary>
    public static IReadOnlyList<string> Mounts { get; } =
    ["/proc", "/sys", "/dev", "/run", "/tmp", TestInputs.Folder, Trace, NullGpuKit.MountPoint];

    public WorkloadResult Run(Workload workload, string image) => Run(workload, image, null);

    /// <summary>Runs under strace, which writes its log to a new file.</summary>
    public WorkloadResult RunTraced(Workload workload, string image, string log)
    {
        // The container's user is none of this machine's: the folder is open to all, inside one that is not.
        var folder = Directory.CreateDirectory(
            log + AtomicFile.PartialEnding,
            UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
        );
        try
        {
            var open = folder.CreateSubdirectory("log");
            File.SetUnixFileMode(open.FullName, (UnixFileMode)0b111_111_111);
            var result = Run(workload, image, open.FullName);
            var written = Path.Combine(open.FullName, "strace");
            // The program could write here too: no link, pipe or folder is taken for the log.
            if (new FileInfo(written) is not { Exists: true, LinkTarget: null, Length: > 0 })
                throw new CakeException($"workload {workload.Name}: strace wrote no log: {result.Stderr.Trim()}");
            File.Move(written, log, overwrite: true);
            return result;
        }
        finally
        {
            // The container of an interrupted run still writes here; whoever removes that removes this too.
            if (!context.Interruption.Requested)
                folder.Delete(recursive: true);
        }
    }

    private WorkloadResult Run(Workload workload, string image, string? traceFolder)
    {
        var limit = TimeSpan.FromSeconds(workload.Timeout * (traceFolder is null ? 1 : StraceFactor));
        using var run = ContainerRun.Start(context, Settings(workload, image, traceFolder));
        var server = workload.Serve is { } serve ? new ServerProbe(context, run, serve, limit).Run(traceFolder is not null) : null;
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
            Failure = server?.Failure ?? (status is null ? $"did not end within {limit.TotalSeconds:F0} s" : null),
        };
    }

    private ContainerRunSettings Settings(Workload workload, string image, string? traceFolder)
    {
        var environment = new Dictionary<string, string>(workload.Environment);
        if (installed)
            AddOfContainer(environment);
        var mounts = new List<Mount> { new(context.Paths.Models, TestInputs.Folder) };
        if (workload.Gpu == WorkloadGpu.Null)
        {
            foreach (var (key, value) in NullGpuKit.Environment)
                environment[key] = value;
            mounts.Add(new(context.Paths.Kit, NullGpuKit.MountPoint));
        }

        if (traceFolder is not null)
            mounts.Add(new(traceFolder, Trace, Writable: true));
        return new ContainerRunSettings
        {
            Image = image,
            Program = traceFolder is null ? workload.Command[0] : "strace",
            Arguments = traceFolder is null
                ? [.. workload.Command.Skip(1)]
                : [.. StraceReader.Options, "-o", Trace + "/strace", "--", .. workload.Command],
            Environment = environment,
            Mounts = mounts,
            Port = workload.Serve?.Port,
        };
    }

    /// <summary>What the recipe says of a container, such as the address to listen on; what the programs themselves need, their starters must set.</summary>
    private void AddOfContainer(Dictionary<string, string> environment)
    {
        var starters = context.Recipe.Packages?.Environment ?? new Dictionary<string, string>();
        foreach (var (key, value) in context.Recipe.Image.Environment)
        {
            if (!starters.ContainsKey(key))
                environment.TryAdd(key, value);
        }
    }
}
