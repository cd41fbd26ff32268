using System.Text.RegularExpressions;
using Cake.Core;
using Cake.Core.IO;
using Gfxbake.Host.Tests.Fakes;
using Gfxbake.Host.Tools;

namespace Gfxbake.Host.Tests.Tools;

[TestFixture]
internal sealed class ImageBuilderTests
{
    private static readonly Dictionary<string, string> None = [];

    private SampleBuild build = null!;

    [SetUp]
    public void SetUp() => build = new SampleBuild();

    [TearDown]
    public void TearDown() => build.Dispose();

    [Test]
    public void Build_passes_arguments_tag_and_folder()
    {
        Build("docker", new Dictionary<string, string> { ["BASE"] = "localhost/sample:debian-base", ["PACKAGES"] = "one two" });

        Assert.That(
            LastCommand,
            Is.EqualTo(
                "docker image build --build-arg \"BASE=localhost/sample:debian-base\" --build-arg \"PACKAGES=one two\" "
                    + "--iidfile \"ID\" --tag \"localhost/sample:debian-full\" \"/src/full\""
            )
        );
    }

    [Test]
    public void Build_passes_the_stage()
    {
        Build("docker", None, target: "strace");

        Assert.That(
            LastCommand,
            Is.EqualTo("docker image build --iidfile \"ID\" --tag \"localhost/sample:debian-full\" --target \"strace\" \"/src/full\"")
        );
    }

    [TestCase("docker", "docker image build --iidfile \"ID\" --tag \"localhost/sample:debian-full\" \"/src/full\"")]
    [TestCase(
        "podman",
        "podman image build --build-arg \"GFXBAKE_CHECKOUT=gfxbake.checkout=0\" --iidfile \"ID\" "
            + "--tag \"localhost/sample:debian-full\" \"/src/full\" --timestamp 5"
    )]
    public void Build_sets_time_stamps_where_the_engine_can(string engine, string expected)
    {
        Build(engine, None, epoch: 5);

        Assert.That(Regex.Replace(LastCommand, "checkout=[0-9a-f]{16}", "checkout=0"), Is.EqualTo(expected));
    }

    [TestCase("docker", "docker image build --iidfile \"ID\" --no-cache --tag \"localhost/sample:debian-full\" \"/src/full\"")]
    [TestCase(
        "podman",
        "podman image build --build-arg \"GFXBAKE_CHECKOUT=gfxbake.checkout=0\" --iidfile \"ID\" "
            + "--tag \"localhost/sample:debian-full\" \"/src/full\" --layers=false --timestamp 5"
    )]
    public void Build_whose_layers_nobody_wants_again_is_made_anew(string engine, string expected)
    {
        Build(engine, None, epoch: 5, kept: false);

        Assert.That(Regex.Replace(LastCommand, "checkout=[0-9a-f]{16}", "checkout=0"), Is.EqualTo(expected));
    }

    [TestCase("docker", "DOCKER_BUILDKIT", "1")]
    [TestCase("podman", "BUILDAH_FORMAT", "docker")]
    public void Build_gets_the_engines_environment(string engine, string variable, string expected)
    {
        Build(engine, None);

        Assert.That(
            build.Processes.Calls.Last(c => c.Arguments.StartsWith("image build", StringComparison.Ordinal)).Settings.EnvironmentVariables[
                variable
            ],
            Is.EqualTo(expected)
        );
    }

    [TestCase("say \"x\"", "A=say \\\"x\\\"")]
    [TestCase("end\\", "A=end\\\\")]
    public void Build_argument_with_quotation_marks_or_backslashes_stays_one_word(string value, string expected)
    {
        Build("docker", new Dictionary<string, string> { ["A"] = value });

        Assert.That(LastCommand, Does.Contain($"--build-arg \"{expected}\" --iidfile"));
    }

    [Test]
    public void Failed_build_is_an_error_that_names_the_image_and_the_log()
    {
        build.Processes.Answer = call => new ProcessAnswer(
            call.Arguments.StartsWith("image build", StringComparison.Ordinal) ? 3 : 0,
            "sample engine 1.0"
        );

        Assert.That(
            () => Build("podman", None),
            Throws
                .TypeOf<CakeException>()
                .With.Message.StartsWith(
                    "building localhost/sample:debian-full failed; the last lines of artifacts/sample/debian/logs/full.log:"
                )
        );
    }

    // podman 4.3, when several builds end at once: the second try takes everything from its cache.
    [TestCase("Error: identifier is not a container", 1, null)]
    [TestCase("Error: identifier is not a container", 3, null)]
    [TestCase("Error: identifier is not a container", 4, "building localhost/sample:debian-full failed")]
    [TestCase("Error: checking if cached image exists from a previous build: getting top layer info: layer not known", 1, null)]
    [TestCase("Error: image used by dc53b8dd3be5: image is in use by a container", 1, null)]
    public void Build_that_met_another_is_tried_again(string error, int failures, string? message)
    {
        FailWith(failures, error);

        Assert.That(
            () => Build("podman", None),
            message is null ? Throws.Nothing : Throws.TypeOf<CakeException>().With.Message.StartsWith(message)
        );
        Assert.That(Builds, Is.EqualTo(Math.Min(failures + 1, 4)));
    }

    [TestCase("E: Failed to fetch http://a.example/b  Temporary failure resolving 'a.example'", 1, null)]
    [TestCase(
        "W: Failed to fetch http://192.0.2.2:8000/Release  Could not connect to 192.0.2.2:8000 (192.0.2.2), connection timed out",
        2,
        null
    )]
    [TestCase(
        "E: Failed to fetch http://a.example/b  Temporary failure resolving 'a.example'",
        3,
        "3 containers did not get through to the network"
    )]
    public void Build_whose_container_lost_the_network_is_tried_again_and_says_so(string error, int failures, string? message)
    {
        FailWith(failures, error);

        Assert.That(
            () => Build("podman", None),
            message is null ? Throws.Nothing : Throws.TypeOf<CakeException>().With.Message.Contains(message)
        );
        Assert.That(Builds, Is.EqualTo(Math.Min(failures + 1, 3)));
        Assert.That(
            build.Log,
            Has.Exactly(Math.Min(failures, 2)).Contains("the build's container did not get through to the network; once more")
        );
    }

    [Test]
    public void Build_that_fails_for_another_reason_after_a_lost_network_is_not_tried_again()
    {
        FailWith(1, "Temporary failure resolving 'a.example'", "cc: no such file");

        Assert.That(
            () => Build("podman", None),
            Throws.TypeOf<CakeException>().With.Message.Contains("cc: no such file").And.Message.Not.Contains("network")
        );
        Assert.That(Builds, Is.EqualTo(2));
    }

    [TestCase("")]
    [TestCase("#9 12.5 ")]
    public void Output_remembers_the_first_failed_compile_and_not_the_command(string prefix)
    {
        string[] lines =
        [
            "[1/9] Building a.o",
            "FAILED: [code=1] b.o",
            "ccache clang++ -o b.o -c b.cpp",
            "b.cpp:7:3: error: no such thing",
            .. Enumerable.Range(2, 500).Select(i => $"[{i}/9] Building another"),
            "ninja: build stopped",
        ];
        var settings = new ProcessSettings();
        using var output = new BuildOutput(build.PathOf("log"));
        output.Redirect(settings);
        foreach (var line in lines)
            settings.RedirectedStandardOutputHandler(prefix + line);

        Assert.That(
            output.Failure(),
            Does.StartWith($"  {prefix}FAILED: [code=1] b.o\n  {prefix}b.cpp:7:3: error: no such thing\n").And.Not.Contains("clang++")
        );
    }

    [Test]
    public void Output_without_a_failed_compile_has_no_failure()
    {
        var settings = new ProcessSettings();
        using var output = new BuildOutput(build.PathOf("log"));
        output.Redirect(settings);
        settings.RedirectedStandardOutputHandler("Get:1 libgpg-error0");

        Assert.That(output.Failure(), Is.Empty);
    }

    [Test]
    public void Id_is_the_builders_own_and_not_that_of_a_name_which_another_build_took()
    {
        var id = new string('a', 64);
        build.Processes.Answer = call =>
        {
            if (BuildOutputs.IdFile(call.CommandLine) is { } file)
                File.WriteAllText(file, "sha256:" + id);
            return new ProcessAnswer(0, call.Arguments.EndsWith(id, StringComparison.Ordinal) ? id : new string('b', 64));
        };

        Assert.That(Build("podman", None), Is.EqualTo(id));
        Assert.That(
            Directory.EnumerateFiles(build.PathOf("artifacts/sample/debian/logs")).Select(System.IO.Path.GetFileName),
            Is.EqualTo(new[] { "full.log" }),
            "the file with the id is gone"
        );
    }

    private int Builds => build.Processes.CommandLines.Count(c => c.StartsWith("podman image build", StringComparison.Ordinal));

    /// <summary>Lets the first builds fail with one error, and all others with another one if there is one.</summary>
    private void FailWith(int failures, string error, string? then = null)
    {
        build.Processes.Answer = call =>
        {
            if (!call.Arguments.StartsWith("image build", StringComparison.Ordinal) || (failures-- <= 0 && then is null))
                return new ProcessAnswer(0, "sample engine 1.0");
            call.Settings.RedirectedStandardErrorHandler(failures >= 0 ? error : then!);
            return new ProcessAnswer(125);
        };
    }

    private string LastCommand => BuildOutputs.LastCommand(build.Processes);

    private string Build(
        string engine,
        IReadOnlyDictionary<string, string> args,
        long? epoch = null,
        string? target = null,
        bool kept = true
    )
    {
        build.Fixture.AddTool(engine);
        var context = build.Open();
        return context.BuildImage(context.PublicImage("full"), "/src/full", args, epoch, target, kept);
    }
}
