using Gfxbake.Host.Tests.Fakes;
using Gfxbake.Host.Tools;
using Gfxbake.Pipeline.Run;

namespace Gfxbake.Host.Tests.Tools;

[TestFixture]
internal sealed class RunCommandTests
{
    private const string Image = "localhost/sample:debian-minimal";

    private SampleBuild build = null!;

    [SetUp]
    public void SetUp()
    {
        build = new SampleBuild();
        build.Machine = new HostTree(build.Root, groups: p => p.EndsWith("kfd", StringComparison.Ordinal) ? 105u : 44u);
        build.Fixture.AddTool("podman");
        build.Change("  user: someone", "  user: someone\n  ports: [8080, 9090]");
    }

    [TearDown]
    public void TearDown() => build.Dispose();

    [Test]
    public void Machine_without_a_gpu_gets_no_devices_and_is_told_which_there_would_be() =>
        Assert.That(
            Lines(),
            Is.EqualTo(
                new[]
                {
                    "Run it with its program's own arguments at the end:",
                    "    podman run --rm --cap-drop=all --security-opt=no-new-privileges \\",
                    "    -p 127.0.0.1:8080:8080 -p 127.0.0.1:9090:9090 \\",
                    "    localhost/sample:debian-minimal",
                    "This machine has no AMD GPU that is ready (/dev/kfd), so it computes on the CPU.",
                    "Where there is one, add before the image's name:",
                    "    --device /dev/kfd --device /dev/dri/renderD128 \\",
                    "    --group-add $(stat -c %g /dev/kfd) \\",
                    "    --group-add $(stat -c %g /dev/dri/renderD128)",
                }
            )
        );

    [Test]
    public void Machine_with_a_gpu_gets_its_devices_and_their_groups_by_number()
    {
        build.Write("dev/kfd", "");
        build.Write("dev/dri/renderD128", "");
        build.Write("dev/dri/card0", "");
        Assert.That(
            Lines(),
            Is.EqualTo(
                new[]
                {
                    "Run it with its program's own arguments at the end:",
                    "    podman run --rm --cap-drop=all --security-opt=no-new-privileges \\",
                    "    -p 127.0.0.1:8080:8080 -p 127.0.0.1:9090:9090 --device /dev/kfd \\",
                    "    --device /dev/dri/renderD128 --group-add 105 --group-add 44 \\",
                    "    localhost/sample:debian-minimal",
                }
            )
        );
    }

    [Test]
    public void Vulkan_needs_no_kfd()
    {
        build.Change("    version_of: sample\n", "    version_of: sample\n    devices: [beside]\n");
        build.Change("workloads:\n", "workloads:\n  - name: beside\n    device: beside\n    command: [sample]\n");
        build.Write("dev/dri/renderD128", "");

        Assert.That(string.Join(" ", Lines()), Does.Match(@"--device /dev/dri/renderD128 (\\ +)?--group-add 44").And.Not.Contain("kfd"));
    }

    [Test]
    public void Settings_that_the_engine_needs_are_named()
    {
        var refused = true;
        build.Processes.Answer = call =>
        {
            if (call.Settings.EnvironmentVariables?.ContainsKey("CONTAINERS_CONF") == true)
                refused = false;
            return call.CommandLine.StartsWith("podman run", StringComparison.Ordinal) && refused
                ? new ProcessAnswer(126) { Error = ["setrlimit RLIMIT_NOFILE"] }
                : new ProcessAnswer(0, "sample engine 1.0");
        };

        var lines = Lines();

        Assert.That(lines[1], Is.EqualTo($"    CONTAINERS_CONF={build.PathOf("artifacts/containers.conf")} \\"));
        Assert.That(lines[2], Is.EqualTo("    podman run --rm --cap-drop=all --security-opt=no-new-privileges \\"));
    }

    [Test]
    public void Image_of_root_s_storage_is_run_by_root()
    {
        build.Fixture.Environment.Variables["SUDO_UID"] = "1000";

        Assert.That(Lines()[1], Does.StartWith("    sudo podman run --rm "));
    }

    [Test]
    public void Folder_of_models_is_mounted_where_the_recipe_has_models()
    {
        build.Change("workloads:", "models:\n  - {name: tiny, weights: f16}\nworkloads:");

        Assert.That(
            string.Join('\n', Lines()),
            Does.Contain(" -v ~/models:/models:ro ").And.Contain("~/models must be there: your models")
        );
    }

    private List<string> Lines()
    {
        var lines = new RunCommand(build.Open()).Lines(Image).ToList();
        Assert.That(lines.Where(l => !l.Contains(build.Root)).Max(l => l.Length), Is.LessThanOrEqualTo(80));
        return lines;
    }
}
