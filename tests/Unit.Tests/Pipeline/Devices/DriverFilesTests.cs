using Gfxbake.Pipeline.Devices;
using Gfxbake.Pipeline.Steps;
using Gfxbake.Recipes.Model;

namespace Gfxbake.Unit.Tests.Pipeline.Devices;

/// <summary>What a program finds in /sys and /dev of a GPU that does not exist.</summary>
public sealed class DriverFilesTests
{
    private static readonly TopologyGpu Gpu = new()
    {
        Name = "gfx1100",
        GfxTargetVersion = 110000,
        FamilyId = 145,
        SimdCount = 192,
        MemoryBytes = 25769803776,
    };

    private static readonly Device Device = new Device
    {
        Title = "a GPU",
        Api = DeviceApi.Hsa,
        Computes = false,
        Kit = new() { From = "hsa", Driver = true },
        Mounts = new Dictionary<string, string> { ["/sys/class"] = "sys/class" },
        Nodes = ["/dev/kfd"],
    }.Named("driven");

    [Test]
    public void Tree_is_that_of_amdgpu()
    {
        var files = DriverFiles.Files(Gpu);

        Assert.Multiple(() =>
        {
            Assert.That(files["module/amdgpu/initstate"], Is.EqualTo("live\n"));
            Assert.That(files["class/drm/card0/device/vendor"], Is.EqualTo("0x1002\n"));
            Assert.That(files["class/drm/card0/device/mem_info_vram_total"], Is.EqualTo("25769803776\n"));
            Assert.That(files["class/drm/card0/device/mem_info_vram_used"], Is.EqualTo("0\n"));
            Assert.That(files["class/kfd/kfd/topology/nodes/1/properties"], Does.Contain("\ngfx_target_version 110000\nvendor_id 4098\n"));
            Assert.That(files, Has.Count.EqualTo(4 + KfdTopology.Files(Gpu).Count));
        });
    }

    [Test]
    public void Container_gets_the_kit_and_its_parts_in_their_places() =>
        Assert.Multiple(() =>
        {
            Assert.That(
                DeviceParts.Mounts(Device, "/kits/driven"),
                Is.EqualTo(new Mount[] { new("/kits/driven", "/opt/gfxbake/driven"), new("/kits/driven/sys/class", "/sys/class") })
            );
            Assert.That(DeviceParts.Nodes(Device), Is.EqualTo(new[] { "/dev/null:/dev/kfd" }));
        });
}
