using Gfxbake.Pipeline.Run;
using Gfxbake.Pipeline.Serving;

namespace Gfxbake.Unit.Tests.Pipeline.Serving;

public sealed class GpuNodesTests
{
    private const int Gfx1151 = 110501;

    private string root = null!;
    private Func<string, bool> open = _ => true;

    [SetUp]
    public void SetUp() => root = Directory.CreateTempSubdirectory("gfxbake-nodes").FullName;

    [TearDown]
    public void TearDown() => Directory.Delete(root, recursive: true);

    [Test]
    public void Machine_without_a_gpu_lacks_its_node()
    {
        Write("dev/dri/renderD128");

        Assert.That(Find(kfd: true).Missing, Is.EqualTo("/dev/kfd"));
        Assert.That(Find(kfd: true).Paths, Is.Empty);
        Assert.That(Find(kfd: false).Missing, Is.Null);
    }

    [Test]
    public void Machine_without_a_render_node_has_no_gpu()
    {
        Write("dev/kfd");

        Assert.That(Find(kfd: true).Missing, Is.EqualTo("/dev/dri/renderD*"));
    }

    [Test]
    public void Only_the_wanted_gpu_gets_into_a_container()
    {
        Write("dev/kfd");
        Write("dev/dri/renderD128");
        Write("dev/dri/renderD129");
        Write("sys/class/kfd/kfd/topology/nodes/1/properties", "gfx_target_version 120001\ndrm_render_minor 128\n");
        Write("sys/class/kfd/kfd/topology/nodes/2/properties", "simd_count 80\ngfx_target_version 110501\ndrm_render_minor 129\n");

        Assert.That(Find(kfd: true).Paths, Is.EqualTo(new[] { "/dev/kfd", "/dev/dri/renderD129" }));
        Assert.That(Find(kfd: true).Groups, Is.EqualTo(new[] { 105u, 44u }));
        Assert.That(Find(kfd: false).Paths, Is.EqualTo(new[] { "/dev/dri/renderD129" }));
    }

    [Test]
    public void Another_driver_s_gpu_stays_outside_where_the_kernel_does_not_number_gpus()
    {
        Write("dev/dri/renderD128");
        Write("dev/dri/renderD129");
        Link("sys/class/drm/renderD128/device/driver", "../../../../bus/pci/drivers/i915");
        Link("sys/class/drm/renderD129/device/driver", "../../../../bus/pci/drivers/amdgpu");

        Assert.That(Find(kfd: false).Paths, Is.EqualTo(new[] { "/dev/dri/renderD129" }));
    }

    [Test]
    public void Node_that_this_user_may_not_open_is_told()
    {
        Write("dev/kfd");
        Write("dev/dri/renderD128");
        open = path => !path.EndsWith("kfd", StringComparison.Ordinal);

        Assert.That(Find(kfd: true).Closed, Is.EqualTo(new[] { "/dev/kfd" }));
    }

    private GpuNodes Find(bool kfd) =>
        GpuNodes.Find(new HostTree(root, open, p => p.EndsWith("kfd", StringComparison.Ordinal) ? 105u : 44u), kfd, Gfx1151);

    private void Write(string name, string text = "")
    {
        var file = Path.Combine(root, name);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
    }

    private void Link(string name, string target)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(root, name))!);
        File.CreateSymbolicLink(Path.Combine(root, name), target);
    }
}
