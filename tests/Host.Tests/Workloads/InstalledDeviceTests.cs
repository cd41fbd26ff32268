using Gfxbake.Formats.Files;
using Gfxbake.Host.Tests.Engine;
using Gfxbake.Host.Tests.Fakes;
using Gfxbake.Pipeline.Devices;
using Gfxbake.Pipeline.Trace;
using Gfxbake.Recipes.Model;
using Gfxbake.Recipes.Reading;

namespace Gfxbake.Host.Tests.Workloads;

/// <summary>The repository's device rocjitsu, with a stand-in that has its documented command line.</summary>
[TestFixture]
internal sealed class InstalledDeviceTests
{
    private SampleBuild build = null!;
    private ScriptEngine engine = null!;
    private Device device = null!;

    [SetUp]
    public void SetUp()
    {
        build = new SampleBuild();
        engine = new ScriptEngine(build);
        device = RecipeBook.Open(Path.Combine(Checkout.RepositoryRoot, "recipes")).Devices["rocjitsu"].For("gfx1151");
        RecordFile.Write(
            build.PathOf("artifacts/sample/debian/traces/run.json"),
            new WorkloadResult
            {
                Name = "run",
                ExitCode = 0,
                Stdout = "",
                Stderr = "",
            }
        );
    }

    [TearDown]
    public void TearDown() => build.Dispose();

    [TestCase("lib")]
    [TestCase("lib64")]
    public void Workload_is_started_by_the_program_that_was_found(string library)
    {
        Install(library);

        var verdict = Judge("echo ggml_cuda_init: found 1 ROCm devices of $STAND_IN");

        Assert.That(
            (verdict.Problems, verdict.Unproven, verdict.Device, verdict.On),
            Is.EqualTo((Array.Empty<string>(), (string?)null, "rocjitsu", "rocjitsu"))
        );
        Assert.That(
            engine.Calls,
            Has.Some.Contains("--entrypoint /opt/gfxbake/rocjitsu/bin/rocjitsu")
                .And.Contains("--config /opt/gfxbake/rocjitsu/share/rocjitsu/configs/gfx1151.json -- /bin/sh -c echo")
        );
    }

    [Test]
    public void What_it_finds_is_told_and_does_not_decide()
    {
        Install("lib");

        var verdict = Judge("echo the config is $STAND_IN");

        Assert.That(verdict.Problems, Is.Empty);
        Assert.That(
            verdict.Unproven,
            Does.StartWith("failed, which does not count: the output lacks /found 1 ROCm devices/").And.Contains("the config is gfx1151")
        );
        Assert.That(build.Log, Has.Some.EndsWith("s  failed, which does not count"));
    }

    [Test]
    public void Without_it_nothing_runs_and_nothing_passes()
    {
        var verdict = Judge("exit 1");

        Assert.That((verdict.Problems, verdict.Unproven), Is.EqualTo((Array.Empty<string>(), "not run (rocjitsu is not installed)")));
        Assert.That(build.Log, Has.Some.EndsWith("not run (rocjitsu is not installed)"));
        Assert.That(build.PathOf("bin/calls"), Does.Not.Exist);
    }

    [Test]
    public void Run_has_no_such_device() =>
        Assert.That(
            () => Runners.Workloads(build.Open()).Run(Workload("true"), "image"),
            Throws.InstanceOf<Exception>().With.Message.EqualTo("rocjitsu is not installed, and run runs on it")
        );

    private void Install(string library)
    {
        build.Write("opt/bin/rocjitsu", File.ReadAllBytes(Path.Combine(Checkout.FixtureFolder("rocjitsu"), "rocjitsu")));
        File.SetUnixFileMode(build.PathOf("opt/bin/rocjitsu"), (UnixFileMode)0b111_101_101);
        build.Write($"opt/{library}/librocjitsu.so", "");
        build.Write("opt/share/rocjitsu/configs/gfx1151.json", "gfx1151");
        new InstalledSearch(build.PathOf("opt/bin")).Find(device).CopyTo(build.PathOf("artifacts/sample/debian/kits/rocjitsu"));
    }

    private WorkloadVerdict Judge(string script) => Runners.Judge(build.Open()).Judge(Workload(script), "image", "same");

    private Workload Workload(string script) =>
        new Workload
        {
            Name = "run",
            Command = ["/bin/sh", "-c", script],
            Timeout = 20,
            Device = "rocjitsu",
            Expect = [.. device.Proof],
        }.RunOn(device);
}
