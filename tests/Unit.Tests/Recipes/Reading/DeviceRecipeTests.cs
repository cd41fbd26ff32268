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
        Change(from, to);

        Assert.That(Read, Throws.TypeOf<RecipeException>().With.Message.Contains(message));
    }

    private const string Installed = """
        installed:
              programs: [{places: [jit, /opt/bin/jit], words: ["{kit}/bin/jit", --]}]
              files: [lib/a.so|lib64/a.so, "share/{plays}"]
        """;

    [Test]
    public void Device_may_be_a_program_of_this_machine()
    {
        Change("kit: {from: beside, args: {PACKAGES: beside}}", Installed);
        var device = Read().WorkloadsOf("debian").Single(w => w.Name == "beside").On!;

        Assert.That(device.Kit, Is.Null);
        Assert.That(device.Installed!.Programs[0].Words, Is.EqualTo(new[] { "/opt/gfxbake/beside/bin/jit", "--" }));
        Assert.That(device.Installed.Files, Is.EqualTo(new[] { "lib/a.so|lib64/a.so", "share/beside11" }));
    }

    [TestCase("[jit, /opt/bin/jit]", "[../jit]", "'../jit' is neither a program's name nor an absolute path")]
    [TestCase("[jit, /opt/bin/jit]", "['a b']", "'a b' is neither a program's name nor an absolute path")]
    [TestCase("{kit}/bin/jit", "/bin/sh", "the first word must be where the kit has the program: {kit}/bin/NAME")]
    [TestCase("{kit}/bin/jit", "{kit}/../jit", "the first word must be where the kit has the program: {kit}/bin/NAME")]
    [TestCase("lib64/a.so", "../../etc/passwd", "'../../etc/passwd' must be a file below the program's prefix, without '..'")]
    [TestCase("lib64/a.so", "/etc/passwd", "'/etc/passwd' must be a file below the program's prefix, without '..'")]
    [TestCase(
        "programs: [{places: [jit, /opt/bin/jit], words: [\"{kit}/bin/jit\", --]}]",
        "programs: []",
        "without a program nothing can be found"
    )]
    public void Installed_device_that_is_wrong(string from, string to, string message)
    {
        var changed = Installed.Replace(from, to);
        Assert.That(changed, Is.Not.EqualTo(Installed));
        Change("kit: {from: beside, args: {PACKAGES: beside}}", changed);

        Assert.That(Read, Throws.TypeOf<RecipeException>().With.Message.Contains(message));
    }

    [TestCase("kit: {from: beside, args: {PACKAGES: beside}}", "profile: X", "a device has either 'kit' or 'installed'")]
    [TestCase("kit: {from: still, topology: true}", Installed, "what this machine has can't say what an image needs; set it to false")]
    public void Device_is_made_or_installed(string from, string to, string message)
    {
        Change(from, to);

        Assert.That(Read, Throws.TypeOf<RecipeException>().With.Message.Contains(message));
    }

    private void Change(string from, string to)
    {
        var file = Path.Combine(folder.Root, "_shared", "devices.yml");
        var text = File.ReadAllText(file);
        Assert.That(text, Does.Contain(from));
        File.WriteAllText(file, text.Replace(from, to));
    }

    private Recipe Read() => RecipeBook.Open(folder.Root).Read("sample");
}
