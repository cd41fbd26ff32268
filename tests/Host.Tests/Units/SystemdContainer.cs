using Gfxbake.Formats.Files;
using Gfxbake.Host.Tests.Engine;
using Gfxbake.Host.Tools;
using Gfxbake.Pipeline.Base;

namespace Gfxbake.Host.Tests.Units;

/// <summary>A container that is a machine: systemd as its first process.</summary>
internal class SystemdContainer : IDisposable
{
    private const string Unified = "/sys/fs/cgroup/unified";

    private readonly string name = $"gfxbake-machine-{Guid.NewGuid():n}";
    private readonly string tag;

    /// <param name="fixture">A folder below tests/fixtures with its Dockerfile.</param>
    /// <param name="options">Further options of podman run.</param>
    public SystemdContainer(string fixture, params IEnumerable<string> options)
    {
        tag = $"localhost/{name}:test";
        var from = "BASE=" + RecordFile.TryRead<BaseRecord>(Artifact("base.json"))!.Image;
        Need(Run("build", "--tag", tag, "--build-arg", from, Checkout.FixtureFolder(fixture)));
        // systemd has left cgroups v1: a hybrid machine has v2 in a folder of it.
        var cgroups = Directory.Exists(Unified) ? Unified : "/sys/fs/cgroup";
        Need(
            Run([
                "run",
                "--detach",
                "--name",
                name,
                "--cap-add=SYS_ADMIN",
                "--cap-add=NET_ADMIN",
                // For PrivateUsers=, and for a podman that has to enter containers that lost every capability.
                "--cap-add=SYS_PTRACE",
                "--security-opt=seccomp=unconfined",
                "--security-opt=unmask=ALL",
                $"--volume={cgroups}:/sys/fs/cgroup:rw",
                $"--volume={Exchange}:/exchange",
                "--tmpfs=/run",
                "--tmpfs=/tmp",
                "--env=container=podman",
                .. options,
                tag,
                "/lib/systemd/systemd",
            ])
        );
        Sh("for i in $(seq 60); do systemctl is-system-running && break; sleep 1; done");
    }

    /// <summary>A folder that both sides see, /exchange in the machine.</summary>
    protected string Exchange { get; } = Directory.CreateTempSubdirectory("gfxbake-machine").FullName;

    public static string Artifact(params string[] names) =>
        Path.Combine([Checkout.RepositoryRoot, "artifacts", "llama-cpp-gfx1151", "vulkan", .. names]);

    /// <summary>A command of the machine's shell, which must succeed.</summary>
    public string Sh(string command)
    {
        var outcome = Try(command);
        Assert.That(outcome.Status, Is.Zero, $"{command}\n{outcome.Output}");
        return outcome.Output;
    }

    public Outcome Try(string command) => Run("exec", name, "sh", "-c", command);

    /// <summary>Puts a file into a folder of the machine.</summary>
    public void Put(string file, byte[] bytes, string target)
    {
        File.WriteAllBytes(Path.Combine(Exchange, file), bytes);
        Sh($"mkdir -p {target} && cp /exchange/{file} {target}");
    }

    public void Dispose()
    {
        Run("rm", "--force", "--volumes", "--time", "2", name);
        Run("rmi", tag);
        Directory.Delete(Exchange, recursive: true);
    }

    protected static void Need(Outcome outcome) => Assert.That(outcome.Status, Is.Zero, outcome.Output);

    protected static Outcome Run(params string[] words)
    {
        var engine = RecordFile.TryRead<EngineFinder.Choice>(Path.Combine(Checkout.RepositoryRoot, "artifacts", "engine.json"))!.Engine;
        return Command.Run(["env", .. engine.Environment.Select(e => $"{e.Key}={e.Value}"), engine.Path, .. words]);
    }
}
