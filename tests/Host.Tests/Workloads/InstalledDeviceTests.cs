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
    private JudgedSample sample = null!;
    private Device device = null!;

    private SampleBuild Build => sample.Build;

    [SetUp]
    public void SetUp()
    {
        sample = new JudgedSample();
        device = RecipeBook.Open(Path.Combine(Checkout.RepositoryRoot, "recipes")).Devices["rocjitsu"].For("gfx1151");
    }

    [TearDown]
    public void TearDown() => sample.Dispose();

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
            sample.Engine.Calls,
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
        Assert.That(Build.Log, Has.Some.EndsWith("s  failed, which does not count"));
    }

    [Test]
    public void Without_it_nothing_runs_and_nothing_passes()
    {
        var verdict = Judge("exit 1");

        Assert.That((verdict.Problems, verdict.Unproven), Is.EqualTo((Array.Empty<string>(), "not run (rocjitsu is not installed)")));
        Assert.That(Build.Log, Has.Some.EndsWith("not run (rocjitsu is not installed)"));
        Assert.That(Build.PathOf("bin/calls"), Does.Not.Exist);
    }

    [Test]
    public void Run_has_no_such_device() =>
        Assert.That(
            () => Runners.Workloads(Build.Open()).Run(Workload("true"), "image"),
            Throws.InstanceOf<Exception>().With.Message.EqualTo("rocjitsu is not installed, and run runs on it")
        );

    private void Install(string library)
    {
        Build.Write("opt/bin/rocjitsu", File.ReadAllBytes(Path.Combine(Checkout.FixtureFolder("rocjitsu"), "rocjitsu")));
        File.SetUnixFileMode(Build.PathOf("opt/bin/rocjitsu"), (UnixFileMode)0b111_101_101);
        Build.Write($"opt/{library}/librocjitsu.so", "");
        Build.Write("opt/share/rocjitsu/configs/gfx1151.json", "gfx1151");
        new InstalledSearch(Build.PathOf("opt/bin")).Find(device).CopyTo(Build.PathOf("artifacts/sample/debian/kits/rocjitsu"));
    }

    private WorkloadVerdict Judge(string script) => sample.Judge(Workload(script));

    private Workload Workload(string script) =>
        (JudgedSample.Run(script) with { Device = "rocjitsu", Expect = [.. device.Proof] }).RunOn(device);
}
