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
    public void Build_writes_its_options_in_alphabetical_order_and_quotes_its_folder()
    {
        _context.DockerBuild(
            new DockerImageBuildSettings
            {
                Target = "full",
                Tag = ["localhost/sample:full", "localhost/sample:latest"],
                BuildArg = ["ROCM_VERSION=6.4", "NAME=two words"],
                NoCache = true,
                Iidfile = "/tmp/iid",
            },
            "a folder"
        );

        Assert.That(
            _fixture.Processes.CommandLines,
            Is.EqualTo(
                new[]
                {
                    "docker image build --build-arg \"ROCM_VERSION=6.4\" --build-arg \"NAME=two words\" --iidfile \"/tmp/iid\" --no-cache"
                        + " --tag \"localhost/sample:full\" --tag \"localhost/sample:latest\" --target \"full\" \"a folder\"",
                }
            )
        );
    }

    [Test]
    public void Build_leaves_out_what_is_false_or_empty_and_a_quoted_folder_alone()
    {
        _context.DockerBuild(
            new DockerImageBuildSettings
            {
                NoCache = false,
                Tag = [],
                Target = "",
            },
            "\"a folder\""
        );

        Assert.That(_fixture.Processes.CommandLines, Is.EqualTo(new[] { "docker image build \"a folder\"" }));
    }

    // Cake.Docker 1.5.0 quotes only DockerBuild's.
    [TestCase("a folder")]
    [TestCase("\"a folder\"")]
    public void Buildx_writes_its_folder_as_it_is(string folder)
    {
        _context.DockerBuildXBuild(new DockerBuildXBuildSettings { Load = true, Builder = "far" }, folder);

        Assert.That(_fixture.Processes.CommandLines, Is.EqualTo(new[] { "docker buildx build --builder \"far\" --load " + folder }));
    }

    [Test]
    public void Tool_path_points_at_another_engine()
    {
        var podman = _fixture.Root.CombineWithFilePath("bin/podman");

        _context.DockerBuild(new DockerImageBuildSettings { ToolPath = podman }, ".");

        Assert.That(_fixture.Processes.Calls[0].File, Is.EqualTo(podman.FullPath));
    }

    [Test]
    public void Failing_command_throws_with_its_exit_code()
    {
        _fixture.Processes.Answer = _ => new ProcessAnswer(125);

        Assert.That(
            () => _context.DockerBuild(new(), "."),
            Throws.TypeOf<CakeException>().With.Property(nameof(CakeException.ExitCode)).EqualTo(125)
        );
    }

    [Test]
    public void Environment_variables_reach_the_process()
    {
        var settings = new DockerImageBuildSettings();
        settings.EnvironmentVariables["DOCKER_HOST"] = "unix:///x";

        _context.DockerBuild(settings, ".");

        Assert.That(_fixture.Processes.Calls[0].Settings.EnvironmentVariables["DOCKER_HOST"], Is.EqualTo("unix:///x"));
    }
}
