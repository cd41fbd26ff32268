using Cake.Core;
using Gfxbake.Host.Serving;
using Gfxbake.Host.Tasks.Run;
using Gfxbake.Host.Tests.Fakes;
using Gfxbake.Pipeline.Run;

namespace Gfxbake.Host.Tests.Tasks;

/// <summary>The target Emulate up to where the program would start: what it prints, and what it refuses.</summary>
[TestFixture]
[NonParallelizable]
internal sealed class EmulateTests
{
    private const string Kit = "artifacts/sample/debian/kits/still";

    private SampleBuild build = null!;
    private string[] images = [];

    [SetUp]
    public void SetUp()
    {
        build = new SampleBuild();
        build.Fixture.AddTool("podman");
        build.Machine = new HostTree(Directory.CreateDirectory(build.PathOf("machine")).FullName);
        build.Change("    version_of: sample\n", "    version_of: sample\n    devices: [still]\n");
        build.Change("workloads:\n", "workloads:\n  - {name: still, device: still, command: [sample]}\n");
        var devices = File.ReadAllText(build.PathOf("recipes/_shared/devices.yml"));
        build.Write("recipes/_shared/devices.yml", devices.Replace("proof: [used still]", "proof: [used still]\n    profile: COUNT"));
        Directory.CreateDirectory(build.PathOf(Kit));
        images = ["minimal", "full"];
        build.Processes.Answer = call =>
            images.Any(i => call.Arguments.Contains($"localhost/sample:debian-{i}", StringComparison.Ordinal))
                ? new ProcessAnswer(0, "0123")
            : call.Arguments.Contains("localhost/sample:", StringComparison.Ordinal)
                ? new ProcessAnswer(125) { Error = ["Error: image not known"] }
            : new ProcessAnswer(0, "sample engine 1.0");
    }

    [TearDown]
    public void TearDown() => build.Dispose();

    [Test]
    public void Command_has_the_kit_its_variables_and_no_network() =>
        Assert.That(
            Dry(["sample", "--a b", "c"]),
            Is.EqualTo(
                "podman run --rm --cap-drop=all --security-opt=no-new-privileges --network=none "
                    + $"-v {build.PathOf(Kit)}:/opt/gfxbake/still:ro -e GPU=/opt/gfxbake/still/gpu.so "
                    + "--entrypoint sample localhost/sample:debian-minimal '--a b' c"
            )
        );

    [Test]
    public void Full_image_serves_where_there_is_no_minimal_one()
    {
        images = ["full"];

        Assert.That(Dry(["sample"]), Does.Contain("--entrypoint sample localhost/sample:debian-full"));
    }

    [Test]
    public void Another_gpu_s_topology_lies_over_the_kit_s() =>
        Assert.That(
            Dry(["sample"], ("gpu", "gfx1100")),
            Does.Contain($"-v {build.PathOf("artifacts/sample/debian/emulated/topology")}:/opt/gfxbake/still/topology:ro")
        );

    [Test]
    public void Profile_gets_a_folder_that_can_be_written()
    {
        var command = Dry(["sample"], ("profile", ""));

        Assert.That(
            command,
            Does.Contain($"-v {build.PathOf("artifacts/sample/debian/emulated/profile")}:/opt/gfxbake/profile:rw")
                .And.Contain("-e COUNT=/opt/gfxbake/profile/profile.tsv")
        );
        Assert.That(build.PathOf("artifacts/sample/debian/emulated"), Does.Not.Exist);
    }

    [Test]
    public void Profile_of_an_older_kit_names_the_target_that_makes_the_kit_anew()
    {
        build.CommandLine = new CommandLine([]) { Extra = ["sample"] };
        var start = new EmulatedStart(build.Open(("profile", "")));
        Assert.That(
            start.Profile(),
            Is.EqualTo(new[] { "there is no profile: the program launched no kernel, or it ended before it could write one" })
        );

        build.Write("artifacts/sample/debian/emulated/profile/profile.tsv", "kernel\tdispatches\n");

        Assert.That(start.Profile().Last(), Does.StartWith("Next: ").And.Contain("--target=DeviceKits"));
    }

    [Test]
    public void Models_are_the_test_models_or_a_folder()
    {
        Directory.CreateDirectory(build.PathOf("artifacts/sample/debian/models"));
        Directory.CreateDirectory(build.PathOf("mine"));

        Assert.That(Dry(["sample"]), Does.Contain($"-v {build.PathOf("artifacts/sample/debian/models")}:/models:ro"));
        Assert.That(Dry(["sample"], ("model-base", "mine")), Does.Contain($"-v {build.PathOf("mine")}:/models:ro"));
        Assert.That(() => Dry(["sample"], ("model-base", "nowhere")), Throws.TypeOf<CakeException>().With.Message.Contains("nowhere"));
    }

    [Test]
    public void Without_a_program_the_error_has_an_example() =>
        Assert.That(() => Dry([]), Throws.TypeOf<CakeException>().With.Message.Contains("-- llama-bench --list-devices"));

    [Test]
    public void Gpu_that_nobody_knows_is_refused_with_the_known() =>
        Assert.That(
            () => Dry(["sample"], ("gpu", "gfx1103")),
            Throws.TypeOf<CakeException>().With.Message.EqualTo("--gpu is 'gfx1103'; known: gfx1100, gfx1151")
        );

    [Test]
    public void Kit_that_is_not_made_names_the_target_that_makes_it()
    {
        Directory.Delete(build.PathOf(Kit));

        Assert.That(
            () => Dry(["sample"]),
            Throws.TypeOf<CakeException>().With.Message.Contains("a still GPU is not made yet").And.Message.Contains("--target=DeviceKits")
        );
    }

    [Test]
    public void Image_that_is_not_made_names_the_target_that_makes_it()
    {
        images = [];

        Assert.That(
            () => Dry(["sample"]),
            Throws
                .TypeOf<CakeException>()
                .With.Message.Contains("there is no image localhost/sample:debian-minimal")
                .And.Message.Contains("--target=MinimalImage")
        );
    }

    [Test]
    public void Variant_without_an_emulated_device_is_told()
    {
        build.Change("    devices: [still]\n", "");

        Assert.That(
            () => Dry(["sample"]),
            Throws
                .TypeOf<CakeException>()
                .With.Message.EqualTo("variant debian of sample has no device that is emulated; no variant of this recipe has")
        );
    }

    private string Dry(string[] program, params (string Name, string Value)[] arguments)
    {
        var output = StandardOutput.Of(() =>
        {
            build.CommandLine = new CommandLine([]) { Extra = program };
            new Emulate().Run(build.Open([.. arguments, ("print-only", "")]));
        });

        // On one line; --interactive stands there where the tests' own input is no terminal.
        return output.Replace(" \\\n    ", " ").Replace(" --interactive", "").Trim();
    }
}
