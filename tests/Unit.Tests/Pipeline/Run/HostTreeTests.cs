using System.Runtime.InteropServices;
using Gfxbake.Pipeline.Run;

namespace Gfxbake.Unit.Tests.Pipeline.Run;

/// <summary>Trees that somebody made to harm their reader.</summary>
public sealed partial class HostTreeTests
{
    private static readonly MachineTrees Machines = MachineTrees.Read();

    private string folder = null!;

    private string Root => Path.Combine(folder, "root");

    [SetUp]
    public void SetUp()
    {
        folder = Directory.CreateTempSubdirectory("gfxbake-hostile").FullName;
        Directory.CreateDirectory(Root);
        File.WriteAllText(Path.Combine(folder, "outside"), "secret");
    }

    [TearDown]
    public void TearDown() => Directory.Delete(folder, recursive: true);

    [TestCase("../outside")]
    [TestCase("../../../../../../../../outside")]
    [TestCase("{0}/outside")]
    [TestCase("up/outside")]
    public void No_link_leads_out_of_the_root(string target)
    {
        File.CreateSymbolicLink(Path.Combine(Root, "up"), "..");
        File.CreateSymbolicLink(Path.Combine(Root, "file"), target.Replace("{0}", folder));
        var tree = new HostTree(Root);

        Assert.That(tree.Read("/file"), Is.Null);
        Assert.That(tree.Read("/up/outside"), Is.Null);
        Assert.That(tree.Read("/../outside"), Is.Null);
        Assert.That(tree.Find("file"), Is.Empty);
        Assert.That(tree.Find("up/*").Select(tree.Read), Has.None.EqualTo("secret"));
    }

    [Test]
    public void Link_is_followed_as_if_the_root_were_the_whole()
    {
        Write("etc/real", "text");
        File.CreateSymbolicLink(Path.Combine(Root, "absolute"), "/etc/real");
        File.CreateSymbolicLink(Path.Combine(Root, "folder"), "../../etc");

        Assert.That(new HostTree(Root).Read("/absolute"), Is.EqualTo("text"));
        Assert.That(new HostTree(Root).Read("/folder/real"), Is.EqualTo("text"));
        Assert.That(new HostTree(Root).Link("/absolute"), Is.EqualTo("/etc/real"));
    }

    [Test]
    public void Links_in_a_circle_end()
    {
        File.CreateSymbolicLink(Path.Combine(Root, "a"), "b");
        File.CreateSymbolicLink(Path.Combine(Root, "b"), "a");
        File.CreateSymbolicLink(Path.Combine(Root, "deep"), "deep/deep/deep");
        var tree = new HostTree(Root);

        Assert.That(tree.Read("/a"), Is.Null);
        Assert.That(tree.Read("/deep"), Is.Null);
        Assert.That(tree.Find("deep/*/*"), Is.Empty);
    }

    [Test]
    public void Only_the_start_of_a_large_file_is_read()
    {
        using (var file = File.Create(Path.Combine(Root, "large")))
            file.SetLength(1L << 40);

        Assert.That(new HostTree(Root).Read("/large"), Has.Length.EqualTo(HostTree.MostBytes));
    }

    [Test]
    public void Pipe_that_nobody_writes_keeps_nobody_waiting()
    {
        Assert.That(MakePipe(Path.Combine(Root, "pipe"), 0x1B6), Is.Zero);

        Assert.That(new HostTree(Root).Read("/pipe"), Is.Null);
        Assert.That(new HostTree("/").Read("/dev/zero"), Is.Null);
    }

    [Test]
    public void Folder_with_very_many_names_is_cut()
    {
        for (var i = 0; i < 500; i++)
            Write($"many/{i}/file", "");

        Assert.That(new HostTree(Root).Find("many/*/file"), Has.Count.EqualTo(HostTree.MostFiles));
    }

    [Test]
    public void Names_are_in_the_order_of_their_numbers()
    {
        foreach (var name in new[] { "card10", "card2", "card1" })
            Write($"drm/{name}", "");

        Assert.That(new HostTree(Root).Find("drm/card*"), Is.EqualTo(new[] { "/drm/card1", "/drm/card2", "/drm/card10" }));
    }

    [Test]
    public void Access_is_asked_of_the_file_itself()
    {
        Write("dev/kfd", "");
        File.CreateSymbolicLink(Path.Combine(Root, "link"), "/dev/kfd");
        List<string> asked = [];

        Assert.That(
            new HostTree(
                Root,
                f =>
                {
                    asked.Add(f);
                    return false;
                }
            ).IsOpen("/link"),
            Is.False
        );
        Assert.That(asked, Is.EqualTo(new[] { Path.Combine(Root, "dev/kfd") }));
        Assert.That(new HostTree(Root).IsOpen("/dev/kfd"), Is.True);
        Assert.That(new HostTree(Root).IsOpen("/dev/none"), Is.False);
    }

    [TestCase("Linux version \u001b[2J\u001b]0;title\u0007evil\n")]
    [TestCase("Linux version ../../../outside\n")]
    [TestCase("Linux version 6.18\u202egnp.exe\n")]
    public void Hostile_version_is_shown_harmless_and_chooses_no_file(string version)
    {
        var report = Report(("proc/version", version));

        var text = string.Join('\n', HostText.Lines(report));
        Assert.That(text, Does.Not.Contain('\u001b').And.Not.Contain('\u202e').And.Not.Contain('\a'));
        Assert.That(report.Findings.Select(f => f.Check), Has.None.EqualTo("dkms"));
    }

    [TestCase("amdgpu.gttsize=$(id)")]
    [TestCase("amdgpu.gttsize='/etc/passwd;id'")]
    [TestCase("amdgpu.gttsize=1/;e")]
    [TestCase("amdgpu.gttsize=`id`")]
    public void Hostile_parameter_gets_into_no_command(string parameter)
    {
        var report = Report(("proc/cmdline", parameter + "\n"));

        Assert.That(report.Findings.Single(f => f.Check == "gttsize").Remove, Is.Empty);
        Assert.That(report.Boot.SelectMany(b => b.Run), Has.None.Contains("id").And.None.Contains("gttsize"));
        Assert.That(report.Boot, Is.Not.Empty, "the parameter to add is there all the same");
    }

    [TestCase("proc/meminfo", "MemTotal: 999999999999999999999999 kB\nMemAvailable: 999999999999999 kB\n")]
    [TestCase("proc/meminfo", "MemTotal: -1 kB\n")]
    [TestCase("proc/meminfo", "")]
    [TestCase("sys/devices/gpu/mem_info_gtt_total", "99999999999999999999999999999999999999999999999999\n")]
    [TestCase("sys/devices/gpu/mem_info_vram_total", "0\n")]
    [TestCase("sys/module/ttm/parameters/pages_limit", "999999999999999\n")]
    [TestCase("sys/devices/virtual/kfd/kfd/topology/nodes/1/properties", "gfx_target_version 999999\ngfx_target_version 4294967295\n")]
    [TestCase("sys/devices/gpu/fw_version/mes_fw_version", "0x\n0xzz\n")]
    [TestCase("proc/cmdline", "ttm.pages_limit=999999999999999\n")]
    [TestCase("proc/cmdline", "ttm.pages_limit=99999999999999999999999999999999999999\n")]
    public void Numbers_that_can_not_be_end_in_a_report(string path, string text) =>
        Assert.That(() => HostText.Lines(Report((path, text))).ToList(), Throws.Nothing);

    [Test]
    public void Random_bytes_end_in_a_report() =>
        Rounds.Run(
            random =>
            {
                var paths = Machines.Base.Files.Keys.Where(p => !p.EndsWith('/')).ToArray();
                var bytes = new byte[random.Next(300)];
                random.NextBytes(bytes);
                var text = Machines.Base.Files[paths[random.Next(paths.Length)]];
                text = text.Insert(random.Next(text.Length + 1), System.Text.Encoding.Latin1.GetString(bytes));
                var lines = HostText.Lines(Report((paths[random.Next(paths.Length)], text))).ToList();
                Assert.That(lines.SelectMany(l => l).Where(char.IsControl), Is.Empty);
            },
            cost: 100
        );

    private static HostReport Report(params (string Path, string Text)[] files)
    {
        var tree = new MachineTree { Files = files.ToDictionary(f => f.Path, f => f.Text) };
        var root = Directory.CreateTempSubdirectory("gfxbake-hostile-machine").FullName;
        try
        {
            return HostCheckup.Of(MachineTrees.Book.Doctor, Machines.Write(tree, root), tree.Facts());
        }
        finally
        {
            Directory.Delete(root, recursive: true);
        }
    }

    private void Write(string path, string text)
    {
        var file = Path.Combine(Root, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
    }

    [LibraryImport("libc", EntryPoint = "mkfifo", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int MakePipe(string path, uint mode);
}
