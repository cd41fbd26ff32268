using Gfxbake.Recipes.Model;
using Gfxbake.Recipes.Reading;
using Gfxbake.Recipes.Yaml;

namespace Gfxbake.Unit.Tests.Recipes.Reading;

/// <summary>Devices, and what recipes say of them.</summary>
public sealed class DeviceRecipeTests
{
    private RecipeFolder folder = null!;

    [SetUp]
    public void SetUp()
    {
        folder = new();
        folder.Change("    version_of: sample\n", "    version_of: sample\n    devices: [still, beside]\n");
        folder.Change(
            "workloads:\n",
            """
            workloads:
              - name: still
                device: still
                command: [sample]
                expect: [mine]
              - name: looks
                device: still
                command: [sample]
                uses_device: false
              - name: beside
                device: beside
                command: [sample]

            """
        );
    }

    [TearDown]
    public void TearDown() => folder.Dispose();

    [Test]
    public void Device_says_what_its_workloads_get_and_must_show()
    {
        var workloads = Read().WorkloadsOf("debian").ToDictionary(w => w.Name);

        Assert.Multiple(() =>
        {
            Assert.That(workloads["still"].On!.Environment["GPU"], Is.EqualTo("/opt/gfxbake/still/gpu.so"));
            Assert.That(workloads["still"].Expect, Is.EqualTo(new[] { "mine", "used still" }));
            Assert.That(workloads["looks"].Expect, Is.Empty);
            Assert.That(workloads["run"].On, Is.Null);
            Assert.That(workloads["beside"].On!.Environment["PLAYS"], Is.EqualTo("beside11"));
            Assert.That(workloads["beside"].On!.Title, Is.EqualTo("a GPU beside it (BESIDE (11))"));
            Assert.That(workloads["beside"].Expect, Is.EqualTo(new[] { @"BESIDE\ \(11\)" }), "a name is no pattern");
            Assert.That(workloads.Values.Where(w => !w.IsTraced).Select(w => w.Name), Is.EqualTo(new[] { "beside" }));
        });
    }

    [Test]
    public void Workload_of_a_device_that_the_variant_does_not_name_is_not_its_own()
    {
        folder.Change("devices: [still, beside]", "devices: [still]");

        Assert.That(Read().WorkloadsOf("debian").Select(w => w.Name), Is.EqualTo(new[] { "still", "looks", "run" }));
    }

    [TestCase("devices: [still, beside]", "devices: [stil]", "unknown device 'stil'; known: beside, still (recipes/_shared/devices.yml)")]
    [TestCase("gpu: gfx1151", "gpu: gfx1100", "'beside' can't stand in for gfx1100; it can for gfx1151")]
    [TestCase("    device: beside\n", "", "no workload of the variant runs on 'beside': nothing is proven there")]
    [TestCase("device: beside", "device: beside\n    compare: stdout", "on 'beside' nothing runs in the full image")]
    public void Recipe_that_is_wrong_about_devices(string from, string to, string message)
    {
        folder.Change(from, to);

        Assert.That(Read, Throws.TypeOf<RecipeException>().With.Message.Contains(message));
    }

    [TestCase("proof: [used still]", "proof: []", "devices.yml:8: without a text that shows that the device was used")]
    [TestCase("proof: [used still]", "proof: ['(']", "devices.yml:8: '(' is no regular expression")]
    [TestCase("time_factor: 2", "time_factor: 0", "devices.yml:9: the factor must be 1 to 20")]
    [TestCase("{from: still", "{from: ../still", "devices.yml:6: '../still' is no folder of docker/devices")]
    [TestCase("{from: still", "{with: [../still], from: still", "'../still' is no folder of docker/devices")]
    [TestCase("gfx1151: {id", "gfx9: {id", "unknown gpu 'gfx9'; known: gfx1100, gfx1151")]
    [TestCase("api: hsa", "api: cuda", "'devices.still.api' must be one of hsa, vulkan, not 'cuda'")]
    [TestCase("time_factor: 2", "mounts: {/etc: sys}", "'/etc: sys' must be a folder below /sys and a path in the kit")]
    [TestCase("time_factor: 2", "mounts: {/sys: sys}", "'/sys: sys' must be a folder below /sys")]
    [TestCase("time_factor: 2", "mounts: {/sys/../etc: sys}", "'/sys/../etc: sys' must be a folder below /sys")]
    [TestCase("time_factor: 2", "mounts: {/sys/class: ../sys}", "'/sys/class: ../sys' must be a folder below /sys and a path in the kit")]
    [TestCase("time_factor: 2", "mounts: {/sys/class: /sys}", "'/sys/class: /sys' must be a folder below /sys and a path in the kit")]
    [TestCase("time_factor: 2", "nodes: [/dev/kfd, /etc/passwd]", "'/etc/passwd' must be a path below /dev")]
    [TestCase("time_factor: 2", "nodes: ['/dev/kfd:/dev/mem']", "'/dev/kfd:/dev/mem' must be a path below /dev")]
    public void Device_that_is_wrong(string from, string to, string message)
    {
        var file = Path.Combine(folder.Root, "_shared", "devices.yml");
        var text = File.ReadAllText(file);
        Assert.That(text, Does.Contain(from));
        File.WriteAllText(file, text.Replace(from, to));

        Assert.That(Read, Throws.TypeOf<RecipeException>().With.Message.Contains(message));
    }

    private Recipe Read() => RecipeBook.Open(folder.Root).Read("sample");
}
