using System.ComponentModel;
using Cake.Common;
using Cake.Common.Diagnostics;
using Cake.Core;
using Gfxbake.Formats.Files;
using Gfxbake.Formats.Images;
using Gfxbake.Pipeline.Steps;

namespace Gfxbake.Host.Tools;

/// <summary>
/// Chooses the engine by really running a container in it: a client may be there without a daemon, and `info` passes where `run` fails.
/// The choice is remembered until the machine restarts or the client changes.
/// </summary>
public sealed class EngineFinder(BuildContext context)
{
    private static readonly TimeSpan ProbeTime = TimeSpan.FromMinutes(1);

    // podman's defaults ask for more file handles than a nested machine may give, and crun wants cgroups v2.
    private const string ContainersConf = """
        [containers]
        default_ulimits = ["nofile=16384:16384", "nproc=16384:16384"]
        [engine]
        runtime = "runc"
        [network]
        network_backend = "netavark"

        """;

    // Two checkouts may look for an engine at the same time.
    private readonly string probe = $"localhost/gfxbake-probe:{Containers.Checkout(context.Root)}";
    private readonly List<string> failures = [];

    public sealed record Choice(string Wanted, string Boot, string Client, Engine Engine);

    public Engine Find()
    {
        var wanted = Wanted();
        var file = context.Paths.EngineChoice;
        if (RecordFile.TryRead<Choice>(file) is { } old && old.Wanted == wanted && old.Boot == Boot() && StillThere(old))
            return old.Engine;

        var engine = Working(wanted);
        if (engine is null && context.Provision && context.IsRoot && wanted != "docker")
        {
            new Provisioner(context).Install("podman");
            failures.Clear();
            engine = Working("podman");
        }

        if (engine is null)
            throw new CakeException(NoEngine(wanted));
        context.Information(
            "Engine: {0} ({1}){2}",
            engine.Version,
            engine.Path,
            engine.Environment.ContainsKey("CONTAINERS_CONF") ? ", with artifacts/containers.conf" : ""
        );
        RecordFile.Write(file, new Choice(wanted, Boot(), Stamp(engine.Path), engine));
        return engine;
    }

    private string Wanted()
    {
        var wanted = context.Argument(Arguments.Engine, "auto");
        return wanted is "docker" or "podman" or "auto"
            ? wanted
            : throw new CakeException($"unknown engine '{wanted}'; known: docker, podman, auto");
    }

    private Engine? Working(string wanted)
    {
        var docker =
            wanted == "podman"
                ? []
                : Clients("docker")
                    .Select(path => Try(EngineKind.Docker, path, new Dictionary<string, string> { ["DOCKER_BUILDKIT"] = "1" }));
        var podman =
            wanted == "docker"
                ? []
                : Clients("podman").SelectMany(path => PodmanEnvironments().Select(e => Try(EngineKind.Podman, path, e)));
        return docker.Concat(podman).FirstOrDefault(e => e is not null);
    }

    private IEnumerable<IReadOnlyDictionary<string, string>> PodmanEnvironments()
    {
        // Only the docker format can carry a HEALTHCHECK.
        var plain = new Dictionary<string, string> { ["BUILDAH_FORMAT"] = "docker" };
        // What works only with the settings of this shell must not be remembered without them.
        if (context.EnvironmentVariable("CONTAINERS_CONF") is { Length: > 0 } ambient)
            plain["CONTAINERS_CONF"] = ambient;
        yield return plain;
        var conf = context.Paths.ContainersConf;
        AtomicFile.WriteText(conf, ContainersConf);
        yield return new Dictionary<string, string>(plain) { ["CONTAINERS_CONF"] = conf };
    }

    private Engine? Try(EngineKind kind, string path, IReadOnlyDictionary<string, string> environment)
    {
        context.Interruption.ThrowIfRequested();
        var plain = new Engine(kind, path, kind.ToString(), environment);
        var engine = EngineTemporary.Give(context, plain);
        var folder = Directory.CreateTempSubdirectory("gfxbake-probe");
        try
        {
            var run = new EngineRunner(context);
            var version = run.Run(engine, EngineAliases.Words(["--version"]), ProbeTime);
            if (version.Count == 0)
                throw new CakeException("--version says nothing");
            var tar = Path.Combine(folder.FullName, "probe.tar");
            using (var stream = File.Create(tar))
                ProbeImage.Write(stream);
            run.Run(engine, EngineAliases.Words(["import", tar, probe]), ProbeTime);
            run.Run(engine, EngineAliases.Words(["run", "--rm", "--network", "none", probe, ProbeImage.Program]), ProbeTime);
            // A docker client without buildx runs containers, but builds nothing that mounts a cache.
            File.WriteAllText(
                Path.Combine(folder.FullName, "Dockerfile"),
                $"FROM {probe}\nRUN --mount=type=cache,target=/cache [\"{ProbeImage.Program}\"]\n"
            );
            run.Run(engine, EngineAliases.Words(["build", "--quiet", "--tag", probe, folder.FullName]), ProbeTime);
            return plain with { Version = version[0] };
        }
        catch (Exception exception) when (exception is EngineException or CakeException or TimeoutException or Win32Exception)
        {
            var ours = environment.GetValueOrDefault("CONTAINERS_CONF") == context.Paths.ContainersConf;
            failures.Add($"  {path}{(ours ? " with artifacts/containers.conf" : "")}: {exception.Message}");
            return null;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private string NoEngine(string wanted)
    {
        var seen = failures.Count == 0 ? $"  no {(wanted == "auto" ? "docker or podman" : wanted)} on PATH" : string.Join('\n', failures);
        if (wanted == "docker")
            return $"docker runs no container here:\n{seen}\nNext: start its daemon, or leave --engine=docker out to use podman";
        if (!context.IsRoot && Clients("podman").Any())
            return $"no container engine runs a container here:\n{seen}\n{ForUser()}";
        return $"no container engine runs a container here:\n{seen}\n"
            + $"Next: ./build.sh … --provision installs podman, or install it yourself: {new Provisioner(context).CommandFor("podman")}";
    }

    /// <summary>podman is there, so what it misses for one who is not root is likelier than that it must be installed.</summary>
    private string ForUser()
    {
        var missing = Rootless.Find(context);
        return missing.Problems.Count == 0
            ? "Next: read docs/engines.md, \"Rootless\", or run the same command with sudo."
            : $"podman without root needs more of this machine:\n{string.Join('\n', missing.Problems.Select(p => "  " + p))}\n"
                + $"Next:\n{string.Join('\n', missing.Commands.Select(c => "  sudo " + c))}\nor run the same command with sudo.";
    }

    // /bin often is /usr/bin.
    private IEnumerable<string> Clients(string name) =>
        (context.EnvironmentVariable("PATH") ?? "")
            .Split(':', StringSplitOptions.RemoveEmptyEntries)
            .Where(d => File.Exists(Path.Combine(d, name)))
            .DistinctBy(d => new DirectoryInfo(d).ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? Path.GetFullPath(d))
            .Select(d => Path.Combine(d, name));

    // The settings lie in a folder that people delete, and their place changes with the checkout's.
    private static bool StillThere(Choice choice) =>
        choice.Client == Stamp(choice.Engine.Path)
        && (!choice.Engine.Environment.TryGetValue("CONTAINERS_CONF", out var conf) || File.Exists(conf));

    private static string Boot() =>
        File.Exists("/proc/sys/kernel/random/boot_id") ? File.ReadAllText("/proc/sys/kernel/random/boot_id").Trim() : "";

    private static string Stamp(string path) => File.Exists(path) ? $"{new FileInfo(path).Length} {File.GetLastWriteTimeUtc(path):O}" : "";
}
