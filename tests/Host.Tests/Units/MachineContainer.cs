using Gfxbake.Formats.Files;
using Gfxbake.Host.Tests.Engine;
using Gfxbake.Host.Tools;
using Gfxbake.Pipeline.Base;
using Gfxbake.Pipeline.Minimal;

namespace Gfxbake.Host.Tests.Units;

/// <summary>A container that is a machine: systemd as its first process, podman inside, the image that is tried in its storage.</summary>
internal sealed class MachineContainer : IDisposable
{
    private const string Unified = "/sys/fs/cgroup/unified";

    private readonly string name = $"gfxbake-machine-{Guid.NewGuid():n}";
    private readonly string folder = Directory.CreateTempSubdirectory("gfxbake-machine").FullName;
    private readonly string tag;

    public MachineContainer()
    {
        tag = $"localhost/{name}:test";
        var fixture = Checkout.FixtureFolder("unit-machine");
        Need(Run("build", "--tag", tag, "--build-arg", "BASE=" + RecordFile.TryRead<BaseRecord>(Artifact("base.json"))!.Image, fixture));
        Need(Run("save", "--format", "docker-archive", "--output", Path.Combine(folder, "image.tar"), SampleUnits.Image));
        // systemd has left cgroups v1: a hybrid machine has v2 in a folder of it.
        var cgroups = Directory.Exists(Unified) ? Unified : "/sys/fs/cgroup";
        Need(
            Run(
                "run",
                "--detach",
                "--name",
                name,
                "--cap-add=SYS_ADMIN",
                "--cap-add=NET_ADMIN",
                // Its podman has to enter containers that lost every capability.
                "--cap-add=SYS_PTRACE",
                "--security-opt=seccomp=unconfined",
                "--security-opt=unmask=ALL",
                $"--volume={cgroups}:/sys/fs/cgroup:rw",
                $"--volume={folder}:/exchange",
                "--volume=/var/lib/containers",
                "--tmpfs=/run",
                "--tmpfs=/tmp",
                "--env=container=podman",
                tag,
                "/lib/systemd/systemd"
            )
        );
        Sh("for i in $(seq 60); do systemctl is-system-running && break; sleep 1; done");
        Sh("podman load --quiet --input /exchange/image.tar");
        foreach (var model in new[] { "tiny-f16", "tiny-q8_0" })
            Put($"{model}.gguf", File.ReadAllBytes(Artifact("models", model + ".gguf")), "/srv/models/");
    }

    public static string Artifact(params string[] names) =>
        Path.Combine([Checkout.RepositoryRoot, "artifacts", "llama-cpp-gfx1151", "vulkan", .. names]);

    /// <summary>The image that the machine has.</summary>
    public static string ImageId => RecordFile.TryRead<MinimalRecord>(Artifact("minimal.json"))!.Image;

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
        File.WriteAllBytes(Path.Combine(folder, file), bytes);
        Sh($"mkdir -p {target} && cp /exchange/{file} {target}");
    }

    /// <summary>What a page of the machine's own says, once it answers.</summary>
    public string Get(string address, string? json = null)
    {
        var data = json is null ? "" : $"--data '{json}' ";
        return Sh($"for i in $(seq 30); do curl --silent --fail --max-time 5 {data}http://{address} && exit 0; sleep 1; done; exit 1");
    }

    public void Dispose()
    {
        Run("rm", "--force", "--volumes", "--time", "2", name);
        Run("rmi", tag);
        Directory.Delete(folder, recursive: true);
    }

    private static void Need(Outcome outcome) => Assert.That(outcome.Status, Is.Zero, outcome.Output);

    private static Outcome Run(params string[] words)
    {
        var engine = RecordFile.TryRead<EngineFinder.Choice>(Path.Combine(Checkout.RepositoryRoot, "artifacts", "engine.json"))!.Engine;
        return Command.Run(["env", .. engine.Environment.Select(e => $"{e.Key}={e.Value}"), engine.Path, .. words]);
    }
}
