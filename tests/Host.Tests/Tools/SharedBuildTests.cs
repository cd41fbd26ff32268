using Cake.Core;
using Cake.Core.IO;
using Gfxbake.Formats.Files;
using Gfxbake.Host.Tests.Fakes;
using Gfxbake.Host.Tools;
using Gfxbake.Pipeline.Base;

namespace Gfxbake.Host.Tests.Tools;

[TestFixture]
internal sealed class SharedBuildTests
{
    private SampleBuild build = null!;
    private string driver = null!;

    [SetUp]
    public void SetUp()
    {
        build = new SampleBuild();
        driver = "docker";
        build.Processes.Answer = call =>
            call.Arguments.StartsWith("buildx inspect", StringComparison.Ordinal)
                ? new ProcessAnswer(0, "Name:          far", $"Driver:        {driver}", "Nodes:")
                : new ProcessAnswer(0, "sample engine 1.0");
    }

    [TearDown]
    public void TearDown() => build.Dispose();

    [Test]
    public void Nothing_is_shared_without_an_argument() => Assert.That(SharedBuild.Of(build.Open()), Is.Null);

    [Test]
    public void Docker_builds_with_buildx_and_loads_the_image() =>
        Assert.That(
            Built("docker", ("builder", "default"), ("cache-from", "type=registry,ref=example.org/cache"), ("cache-to", "type=inline")),
            Is.EqualTo(
                "docker buildx build --build-arg \"BASE=localhost/sample:debian-base\" --builder \"default\" "
                    + "--cache-from \"type=registry,ref=example.org/cache\" --cache-to \"type=inline\" --iidfile \"ID\" --load "
                    + "--progress \"plain\" --tag \"localhost/sample:debian-full\" /src/full"
            )
        );

    [TestCase("default")]
    [TestCase("")]
    public void Folder_with_a_space_stays_one_word(string builder)
    {
        (string, string)[] arguments = builder.Length > 0 ? [("builder", builder)] : [];

        Assert.That(
            Built("docker", "/src of mine/full", arguments),
            Does.StartWith(builder.Length > 0 ? "docker buildx" : "docker image").And.EndsWith(" \"/src of mine/full\"")
        );
    }

    [Test]
    public void Podman_takes_repositories_as_caches() =>
        Assert.That(
            Built("podman", ("cache-from", "example.org/cache"), ("cache-to", "example.org/cache")),
            Does.EndWith(
                "--tag \"localhost/sample:debian-full\" \"/src/full\" --layers --cache-from \"example.org/cache\" "
                    + "--cache-to \"example.org/cache\""
            )
        );

    [Test]
    public void Podman_has_no_builders() =>
        Assert.That(
            () => Built("podman", ("builder", "far")),
            Throws.TypeOf<CakeException>().With.Message.StartsWith("--builder: builders are BuildKit's")
        );

    [Test]
    public void Podman_takes_no_cache_of_BuildKit() =>
        Assert.That(
            () => Built("podman", ("cache-to", "type=registry,ref=example.org/cache")),
            Throws.TypeOf<CakeException>().With.Message.StartsWith("cache 'type=registry,ref=example.org/cache': type=… is BuildKit's")
        );

    [Test]
    public void Unknown_builder_is_an_error_in_the_engines_words()
    {
        build.Processes.Answer = call =>
            call.Arguments.StartsWith("buildx inspect", StringComparison.Ordinal)
                ? new ProcessAnswer(1) { Error = ["ERROR: no builder \"far\" found"] }
                : new ProcessAnswer(0, "sample engine 1.0");

        Assert.That(
            () => Built("docker", ("builder", "far")),
            Throws.TypeOf<CakeException>().With.Message.Contains("no builder \"far\" found\nNext: docker buildx ls")
        );
    }

    [TestCase("docker", 1, 0, "#5 CACHED", "#6 [full 2/4] RUN echo CACHED", "#6 DONE 0.1s")]
    [TestCase("podman", 2, 1, "--> Cache pulled from remote example.org/cache:1", "--> Using cache 1", "--> Using cache 2", "--> 3")]
    public void Steps_from_a_cache_are_counted(string engine, int cached, int pulled, params string[] lines)
    {
        var settings = new ProcessSettings();
        using var output = new BuildOutput(build.PathOf($"{engine}.log"));
        output.Redirect(settings);
        foreach (var line in lines)
            settings.RedirectedStandardErrorHandler(line);

        Assert.That(output.Steps, Is.EqualTo((cached, pulled)));
    }

    [TestCase("builder")]
    [TestCase("cache-from")]
    [TestCase("cache-to")]
    public void Argument_without_a_value_is_an_error(string name) =>
        Assert.That(() => Built("podman", (name, "")), Throws.TypeOf<CakeException>().With.Message.StartsWith($"--{name} needs a value"));

    [Test]
    public void Builder_elsewhere_gets_a_bootstrapped_base_as_a_folder()
    {
        driver = "remote";
        Record(new string('a', 64));

        var line = Built("docker", ("builder", "far"));

        Assert.That(
            line,
            Does.Contain("--build-arg \"BASE=gfxbake-base\" --build-context \"gfxbake-base=oci-layout://")
                .And.Contain("/contexts/base@sha256:")
        );
        Assert.That(File.Exists(build.PathOf("artifacts/sample/debian/contexts/base/index.json")), Is.True);
    }

    [Test]
    public void Builder_elsewhere_pulls_a_base_that_came_from_a_registry()
    {
        driver = "kubernetes";
        Record(null);
        var recipe = build.PathOf("recipes/sample/recipe.yml");
        File.WriteAllText(
            recipe,
            File.ReadAllText(recipe).Replace("bootstrap: {", $"image: example.org/debian@sha256:{new string('b', 64)}\n      bootstrap: {{")
        );

        Assert.That(
            Built("docker", ("builder", "far")),
            Does.Contain($"--build-arg \"BASE=example.org/debian@sha256:{new string('b', 64)}\"")
        );
    }

    private void Record(string? sha256)
    {
        var context = build.Open();
        RecordFile.Write(
            context.Paths.BaseRecord,
            new BaseRecord
            {
                Inputs = [],
                Image = "i",
                ImageId = "1",
                Origin = "o",
                TarSha256 = sha256,
            }
        );
        AtomicFile.WriteText(context.Paths.BaseTar(Fingerprint.Of(context.Variant.Base.Bootstrap)), "a tar");
    }

    private string Built(string engine, params (string, string)[] arguments) => Built(engine, "/src/full", arguments);

    private string Built(string engine, string folder, (string, string)[] arguments)
    {
        build.Fixture.AddTool(engine);
        var context = build.Open(arguments);
        context.BuildImage(
            context.Image("full"),
            folder,
            new Dictionary<string, string> { ["BASE"] = context.Image("base") },
            shared: SharedBuild.Of(context)
        );
        return BuildOutputs.LastCommand(build.Processes).Replace("-" + Containers.Checkout(build.Root), "");
    }
}
