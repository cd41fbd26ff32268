using Gfxbake.Formats.Files;
using Gfxbake.Formats.Images;
using Gfxbake.Host.Tests.Engine;
using Gfxbake.Host.Tools;
using Gfxbake.Pipeline.Base;
using Gfxbake.Pipeline.Minimal;
using Gfxbake.Pipeline.Verify;

namespace Gfxbake.Host.Tests.Acceptance;

/// <summary>
/// Damages the minimal image of the variant vulkan in one place and expects its workloads to see it, not only the comparison of files.
/// Needs what ./build.sh --target=MinimalImage --variant=vulkan makes.
/// </summary>
[Category(Needs.Engine)]
[Category(Needs.MinimalImage)]
[Category(Needs.Night)]
[NonParallelizable]
internal sealed class VulkanSabotageTests
{
    private const string Libraries = "/usr/lib/x86_64-linux-gnu/",
        Backend = Libraries + "ggml/backends0/libggml-vulkan.so",
        Driver = "/usr/share/vulkan/icd.d/radeon_icd.json";

    private const string NoDevice = "the output lacks /^  Vulkan0:/";

    private static readonly string[] Null =
    [
        "list-devices-vulkan",
        "completion-vulkan-f16",
        "completion-vulkan-f16-flash",
        "completion-vulkan-q8_0",
        "completion-vulkan-q8_0-flash",
        "bench-vulkan",
        "server-vulkan",
    ];

    private static readonly string[] Computing = ["server-lavapipe"];

    private static readonly string Build = Path.Combine(Checkout.RepositoryRoot, "artifacts", "llama-cpp-gfx1151", "vulkan");

    private static Host.Tools.Engine Engine =>
        RecordFile.TryRead<EngineFinder.Choice>(Path.Combine(Checkout.RepositoryRoot, "artifacts", "engine.json"))!.Engine;

    [OneTimeSetUp]
    public void NeedImage() =>
        Assert.That(
            File.Exists(Path.Combine(Build, "minimal.json")),
            Is.True,
            "no minimal image of the variant vulkan; run ./build.sh --target=MinimalImage --variant=vulkan"
        );

    // lavapipe is a driver of its own and brings its libraries, so it can't see these.
    [TestCase(Libraries + "libvulkan_radeon.so", NoDevice)]
    [TestCase(Driver, NoDevice)]
    [TestCase(Libraries + "libdrm.so.2", "error while loading shared libraries: libdrm.so.2")]
    public void Null_gpu_is_lost_without(string path, string problem)
    {
        using var hole = Hole(path);

        AssertFail(hole, "null-vulkan", Null, problem);
    }

    [Test]
    public void Null_gpu_is_lost_by_a_driver_file_that_names_no_library()
    {
        using var hole = Hole(
            Driver,
            file => File.WriteAllText(file, File.ReadAllText(file).Replace("libvulkan_radeon.so", "libvulkan_none.so"))
        );

        AssertFail(hole, "null-vulkan", Null, NoDevice);
    }

    // ggml says nothing of a backend that it can't load, computes on the CPU and ends with 0.
    [TestCase(Backend)]
    [TestCase(Libraries + "libvulkan.so.1")]
    public void Every_device_is_lost_without(string path)
    {
        using var hole = Hole(path);

        AssertFail(hole, "null-vulkan, lavapipe", [.. Null, .. Computing], "the output lacks /llvmpipe/");
    }

    // RADV compiles the shader for the null GPU, which does not run it: only a device that computes can see this.
    [Test]
    public void Numbers_are_others_when_one_bit_of_a_shader_is()
    {
        using var hole = Hole(Backend, ShaderBit.FlipAttention);

        AssertFail(hole, "null-vulkan, lavapipe", Computing, "apart, ");
    }

    /// <param name="path">The part.</param>
    /// <param name="change">Changes a copy of it; without, it is taken out.</param>
    private static Hole Hole(string path, Action<string>? change = null)
    {
        var image = RecordFile.TryRead<MinimalRecord>(Path.Combine(Build, "minimal.json"))!.Image;
        var tools = RecordFile.TryRead<BaseRecord>(Path.Combine(Build, "base.json"))!.Image;
        if (change is null)
            return new Hole(Engine, tools, image, path);
        using var full = ImageFileSystem.Open(Path.Combine(Build, "full.tar"));
        return new Hole(
            Engine,
            tools,
            image,
            path,
            file =>
            {
                using (var part = full.OpenFile(full.Find(path)!))
                using (var output = File.Create(file))
                    part.CopyTo(output);
                var before = File.ReadAllBytes(file);
                change(file);
                Assert.That(File.ReadAllBytes(file), Is.Not.EqualTo(before));
            }
        );
    }

    private static void AssertFail(Hole hole, string devices, string[] workloads, string problem)
    {
        using var folder = new VerifyFolder(Build, hole.Image, hole.Id, devices);

        var outcome = folder.Verify();

        TestContext.Out.WriteLine(outcome.Output);
        // What runs on the CPU is none of the damage's business.
        var ran = RecordFile.TryRead<VerifyRecord>(folder.VerifyFile)?.Workloads.Where(w => w.Device is not null).ToList() ?? [];
        Assert.Multiple(() =>
        {
            Assert.That(outcome.Status, Is.Not.Zero);
            Assert.That(ran.Where(w => w.Problems.Count > 0).Select(w => w.Name), Is.EquivalentTo(workloads));
            Assert.That(ran.SelectMany(w => w.Problems), Has.Some.Contains(problem));
        });
    }
}
