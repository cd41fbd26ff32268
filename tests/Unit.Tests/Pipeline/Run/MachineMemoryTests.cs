using Gfxbake.Pipeline.Run;

namespace Gfxbake.Unit.Tests.Pipeline.Run;

public sealed class MachineMemoryTests
{
    private const string Available = "MemTotal:       131072000 kB\nMemAvailable:   100000000 kB\n";
    private string root = null!;

    [SetUp]
    public void MakeRoot()
    {
        root = Directory.CreateTempSubdirectory("gfxbake-memory").FullName;
        Write("proc/meminfo", Available);
    }

    [TearDown]
    public void Clean() => Directory.Delete(root, recursive: true);

    [Test]
    public void Without_a_gpu_it_is_what_is_available()
    {
        var memory = MachineMemory.Of(new HostTree(root));

        Assert.That(memory.Bytes, Is.EqualTo(102_400_000_000));
        Assert.That(memory.Source, Is.EqualTo("MemAvailable 102.4 GB; no amdgpu here"));
    }

    [TestCase("60000000000\n", 60_512_000_000)]
    [TestCase("120000000000\n", 102_400_000_000)]
    public void With_a_gpu_it_is_the_least_of_what_is_available_and_what_the_gpu_reaches(string gtt, long bytes)
    {
        Write("sys/class/drm/card0/device/vendor", "0x1a03\n");
        Write("sys/class/drm/card1/device/mem_info_gtt_total", gtt);
        Write("sys/class/drm/card1/device/mem_info_vram_total", "512000000\n");

        Assert.That(MachineMemory.Of(new HostTree(root)).Bytes, Is.EqualTo(bytes));
        Assert.That(MachineMemory.Of(new HostTree(root)).Source, Does.EndWith("+ VRAM 512.0 MB of card1"));
    }

    [Test]
    public void Of_two_gpus_the_larger_counts()
    {
        foreach (var (card, gtt) in new[] { ("card0", "3000000000"), ("card1", "2000000000") })
        {
            Write($"sys/class/drm/{card}/device/mem_info_gtt_total", gtt);
            Write($"sys/class/drm/{card}/device/mem_info_vram_total", "0");
        }

        Assert.That(MachineMemory.Of(new HostTree(root)).Bytes, Is.EqualTo(3_000_000_000));
    }

    [Test]
    public void No_link_of_a_recorded_machine_leads_out_of_it()
    {
        File.Delete(Path.Combine(root, "proc", "meminfo"));
        File.CreateSymbolicLink(Path.Combine(root, "proc", "meminfo"), "/proc/meminfo");

        Assert.That(() => MachineMemory.Of(new HostTree(root)), Throws.TypeOf<FitException>());
    }

    [TestCase("MemTotal: 5 kB\n")]
    [TestCase("MemAvailable: 99999999999999999999 kB\n")]
    [TestCase("MemAvailable: 5 MB\n")]
    public void Machine_that_does_not_say_what_is_available_asks_for_the_argument(string text)
    {
        Write("proc/meminfo", text);

        Assert.That(() => MachineMemory.Of(new HostTree(root)), Throws.TypeOf<FitException>().With.Message.Contains("give --memory="));
    }

    private void Write(string path, string text)
    {
        var file = Path.Combine(root, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
    }
}
