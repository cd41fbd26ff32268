using Gfxbake.Pipeline.Check;

namespace Gfxbake.Host.Tests.Acceptance;

/// <summary>CheckGpu on what stands in for a GPU. Needs what ./build.sh --target=MinimalImage --variant=vulkan makes.</summary>
[Category(Needs.Engine)]
[Category(Needs.MinimalImage)]
[Category(Needs.Night)]
[NonParallelizable]
internal sealed class CheckGpuTests
{
    private const string Backend = "/usr/lib/x86_64-linux-gnu/ggml/backends0/libggml-vulkan.so",
        Driver = "/usr/lib/x86_64-linux-gnu/libvulkan_radeon.so";

    [Test]
    public void Device_that_computes_gives_the_numbers_of_the_cpu()
    {
        using var folder = new CheckFolder();

        var outcome = folder.Check("lavapipe");

        TestContext.Out.WriteLine(outcome.Output);
        Assert.Multiple(() =>
        {
            Assert.That(outcome.Status, Is.Zero);
            Assert.That(outcome.Output, Does.Contain("Lavapipe was used, and computes what the CPU computes."));
            Assert.That(folder.Report?.IsHardware, Is.False);
            Assert.That(folder.Report?.Checks.Single().Verdict, Is.EqualTo(GpuVerdict.Passed));
            Assert.That(folder.Report?.Checks.Single().Kernels, Is.GreaterThan(20));
            Assert.That(folder.Report?.Checks.Single().Numbers.Single().Largest, Is.GreaterThan(0).And.LessThan(0.1));
            Assert.That(folder.Report?.Checks.Single().Libraries, Has.Some.Contains("libvulkan_lvp.so"));
        });
    }

    [Test]
    public void Device_that_computes_nothing_is_used_and_does_not_pass()
    {
        using var folder = new CheckFolder();

        var outcome = folder.Check("null-vulkan");

        TestContext.Out.WriteLine(outcome.Output);
        Assert.Multiple(() =>
        {
            Assert.That(outcome.Status, Is.Zero);
            Assert.That(folder.Report?.Checks.Single().Verdict, Is.EqualTo(GpuVerdict.NotCompared));
            Assert.That(folder.Report?.Checks.Single().Libraries, Has.Some.EqualTo(Driver));
            Assert.That(outcome.Output, Does.Contain("no numbers were").And.Not.Contain("passed"));
        });
    }

    // ggml says nothing, computes on the CPU and ends with 0; it unloads a backend that finds no device.
    [TestCase(Backend)]
    [TestCase(Driver)]
    public void Answer_of_the_cpu_does_not_pass(string hidden)
    {
        using var folder = new CheckFolder(hidden);

        var outcome = folder.Check("null-vulkan");

        TestContext.Out.WriteLine(outcome.Output);
        Assert.Multiple(() =>
        {
            Assert.That(outcome.Status, Is.EqualTo(1));
            Assert.That(folder.Report?.Verdict, Is.EqualTo(GpuVerdict.MissingLibrary));
            Assert.That(folder.Report?.Checks.Single().Problems[0], Does.StartWith("it ran without libggml-vulkan.so"));
            Assert.That(outcome.Output, Does.Contain("--target=VerifyMinimal"));
        });
    }
}
