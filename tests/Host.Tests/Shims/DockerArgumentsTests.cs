using Cake.Core;
using Cake.Docker;
using Gfxbake.Host.Tests.Fakes;

namespace Gfxbake.Host.Tests.Shims;

[TestFixture]
internal sealed class DockerArgumentsTests
{
    private Fixture _fixture = null!;
    private ICakeContext _context = null!;

    [SetUp]
    public void SetUp()
    {
        _fixture = new Fixture().AddTool("docker").AddTool("podman");
        _context = _fixture.Context();
    }

    [TearDown]
    public void TearDown() => _fixture.Dispose();

    [Test]
    public void Build_writes_its_options_in_alphabetical_order()
    {
        _context.DockerBuild(
            new DockerImageBuildSettings
            {
                Target = "full",
                Tag = ["localhost/sample:full", "localhost/sample:latest"],
                File = "docker/full.Dockerfile",
                BuildArg = ["ROCM_VERSION=6.4", "NAME=two words"],
                NoCache = true,
                Pull = false,
                Network = "host",
                Label = ["a=b"],
                Iidfile = "/tmp/iid",
                Progress = "plain",
            },
            ".");

        Assert.That(_fixture.Processes.CommandLines, Is.EqualTo(new[]
        {
            "docker image build --build-arg \"ROCM_VERSION=6.4\" --build-arg \"NAME=two words\" --file \"docker/full.Dockerfile\""
            + " --iidfile \"/tmp/iid\" --label \"a=b\" --network \"host\" --no-cache --progress \"plain\""
            + " --tag \"localhost/sample:full\" --tag \"localhost/sample:latest\" --target \"full\" \".\"",
        }));
    }

    [TestCase(true, "--rm=True")]
    [TestCase(false, "--rm=False")]
    public void Build_writes_rm_with_its_value_as_its_default_is_true(bool value, string expected)
    {
        _context.DockerBuild(new DockerImageBuildSettings { Rm = value }, "\"quoted path\"");

        Assert.That(_fixture.Processes.CommandLines, Is.EqualTo(new[] { $"docker image build {expected} \"quoted path\"" }));
    }

    [Test]
    public void Run_writes_options_image_command_and_unquoted_arguments()
    {
        _context.DockerRunWithoutResult(
            new DockerContainerRunSettings
            {
                Rm = true,
                Device = ["/dev/kfd", "/dev/dri"],
                GroupAdd = ["video", "render"],
                SecurityOpt = ["seccomp=unconfined"],
                CapAdd = ["SYS_PTRACE"],
                Volume = ["/a b:/models:ro"],
                Env = ["HSA_OVERRIDE_GFX_VERSION=11.0.0"],
                Entrypoint = "llama-cli",
                Name = "sample",
                Workdir = "/",
                User = "1000:1000",
                Privileged = false,
                Ipc = "host",
                ShmSize = "1g",
                StopTimeout = 5,
                Network = "none",
            },
            "localhost/sample:full",
            "-m",
            "/models/tiny.gguf",
            "-n 8");

        Assert.That(_fixture.Processes.CommandLines, Is.EqualTo(new[]
        {
            "docker run --cap-add \"SYS_PTRACE\" --device \"/dev/kfd\" --device \"/dev/dri\" --entrypoint \"llama-cli\""
            + " --env \"HSA_OVERRIDE_GFX_VERSION=11.0.0\" --group-add \"video\" --group-add \"render\" --ipc \"host\""
            + " --name \"sample\" --network \"none\" --rm --security-opt \"seccomp=unconfined\" --shm-size \"1g\" --stop-timeout 5"
            + " --user \"1000:1000\" --volume \"/a b:/models:ro\" --workdir \"/\""
            + " localhost/sample:full -m /models/tiny.gguf -n 8",
        }));
    }

    [Test]
    public void Run_returns_the_first_line_of_its_output()
    {
        _fixture.Processes.Answer = _ => new ProcessAnswer(0, "first", "second");

        Assert.That(_context.DockerRun("image", "cat", "/etc/os-release"), Is.EqualTo("first"));
    }

    [Test]
    public void Run_leaves_arguments_out_when_there_is_no_command()
    {
        _context.DockerRun("image", string.Empty, "lost");

        Assert.That(_fixture.Processes.CommandLines, Is.EqualTo(new[] { "docker run image" }));
    }

    [Test]
    public void Create_returns_the_containers_id()
    {
        _fixture.Processes.Answer = _ => new ProcessAnswer(0, "0123abcd");

        var id = _context.DockerCreate(new DockerContainerCreateSettings { Name = "sample" }, "image", "true");

        Assert.Multiple(() =>
        {
            Assert.That(id, Is.EqualTo("0123abcd"));
            Assert.That(_fixture.Processes.CommandLines, Is.EqualTo(new[] { "docker create --name \"sample\" image true" }));
        });
    }

    [Test]
    public void Image_commands_write_what_the_real_package_writes()
    {
        _context.DockerSave(new DockerImageSaveSettings { Output = "/a b/i.tar" }, "one", "two");
        _context.DockerLoad(new DockerImageLoadSettings { Input = "i.tar", Quiet = true });
        _context.DockerTag("one", "localhost/one:tag");
        _context.DockerPull("debian@sha256:00");
        _context.DockerRmi("one", "two");
        _context.DockerRemove(new DockerImageRemoveSettings { Force = true }, "one");

        Assert.That(_fixture.Processes.CommandLines, Is.EqualTo(new[]
        {
            "docker save --output \"/a b/i.tar\" one two",
            "docker load --input \"i.tar\" --quiet",
            "docker tag one localhost/one:tag",
            "docker pull debian@sha256:00",
            "docker rmi one two",
            "docker rmi --force one",
        }));
    }

    [Test]
    public void Container_commands_write_what_the_real_package_writes()
    {
        _context.DockerCp("box:/etc/os-release", "out");
        _context.DockerCp("in", "box:/tmp", new DockerContainerCpSettings { Archive = true });
        _context.DockerRm("one", "two");
        _context.DockerRm(new DockerContainerRmSettings { Force = true, Volumes = true }, "one");

        Assert.That(_fixture.Processes.CommandLines, Is.EqualTo(new[]
        {
            "docker cp box:/etc/os-release out",
            "docker cp --archive in box:/tmp",
            "docker rm one two",
            "docker rm --force --volumes one",
        }));
    }

    [Test]
    public void Image_list_returns_every_line()
    {
        _fixture.Processes.Answer = _ => new ProcessAnswer(0, "sha256:1", "sha256:2");

        var lines = _context.DockerImageLs(new DockerImageLsSettings { NoTrunc = true, Quiet = true, Filter = "reference=x" });

        Assert.Multiple(() =>
        {
            Assert.That(lines, Is.EqualTo(new[] { "sha256:1", "sha256:2" }));
            Assert.That(_fixture.Processes.CommandLines, Is.EqualTo(new[] { "docker image ls --filter \"reference=x\" --no-trunc --quiet" }));
        });
    }

    // Cake.Docker passes the command's rest with its leading space; the second space is harmless.
    [TestCase("info", "docker info ")]
    [TestCase("inspect --format \"{{.Id}}\" x", "docker inspect  --format \"{{.Id}}\" x")]
    public void Custom_command_is_passed_as_written(string command, string expected)
    {
        _context.DockerCustomCommand(command);

        Assert.That(_fixture.Processes.CommandLines, Is.EqualTo(new[] { expected }));
    }

    [Test]
    public void Custom_command_returns_every_line()
    {
        _fixture.Processes.Answer = _ => new ProcessAnswer(0, "one", "two");

        Assert.That(_context.DockerCustomCommand("version"), Is.EqualTo(new[] { "one", "two" }));
    }

    [Test]
    public void Tool_path_points_at_another_engine()
    {
        var podman = _fixture.Root.CombineWithFilePath("bin/podman");

        _context.DockerRm(new DockerContainerRmSettings { ToolPath = podman }, "one");

        Assert.That(_fixture.Processes.Calls[0].File, Is.EqualTo(podman.FullPath));
    }

    [Test]
    public void Failing_command_throws_with_its_exit_code()
    {
        _fixture.Processes.Answer = _ => new ProcessAnswer(125);

        Assert.That(() => _context.DockerPull("x"), Throws.TypeOf<CakeException>().With.Property(nameof(CakeException.ExitCode)).EqualTo(125));
    }

    [Test]
    public void Environment_variables_reach_the_process()
    {
        var settings = new DockerContainerRmSettings();
        settings.EnvironmentVariables["DOCKER_HOST"] = "unix:///x";

        _context.DockerRm(settings, "one");

        Assert.That(_fixture.Processes.Calls[0].Settings.EnvironmentVariables["DOCKER_HOST"], Is.EqualTo("unix:///x"));
    }

    [Test]
    public void Removing_nothing_is_refused()
        => Assert.That(() => _context.DockerRm(), Throws.InstanceOf<ArgumentException>());
}
