using Gfxbake.Pipeline.Devices;
using Gfxbake.Pipeline.Steps;
using Gfxbake.Recipes.Model;

namespace Gfxbake.Unit.Tests.Pipeline.Devices;

public sealed class InstalledSearchTests
{
    private string folder = "";

    private Device Device =>
        new Device
        {
            Title = "t",
            Api = DeviceApi.Hsa,
            Computes = true,
            Traced = false,
            Installed = new InstalledDevice
            {
                Programs =
                [
                    new([folder + "/opt/bin/first", "first"], ["{kit}/bin/first", "--config", "{kit}/share/{plays}", "--"]),
                    new(["second"], ["{kit}/bin/second", "run", "--"]),
                ],
                Files = ["lib/l.so|lib64/l.so", "share/{plays}"],
            },
            Plays = new Dictionary<string, PlayedGpu> { ["gfx1151"] = new("gpu.json", "") },
        }
            .Named("d")
            .For("gfx1151");

    [SetUp]
    public void MakeFolder() => folder = Directory.CreateTempSubdirectory("gfxbake-installed").FullName;

    [TearDown]
    public void RemoveFolder() => Directory.Delete(folder, recursive: true);

    [Test]
    public void Program_of_the_path_brings_what_lies_beside_it()
    {
        Write("usr/bin/first", "usr/lib64/l.so", "usr/share/gpu.json", "usr/share/other.json");

        Assert.That(Names("usr/bin"), Is.EqualTo(new[] { "bin/first", "lib64/l.so", "share/gpu.json" }));
    }

    [Test]
    public void Absolute_place_needs_no_path_and_comes_first()
    {
        Write("opt/bin/first", "opt/lib/l.so", "opt/share/gpu.json", "usr/bin/first", "usr/lib/l.so", "usr/share/gpu.json");

        Assert.That(Find("usr/bin").Files.Select(f => f.Source), Is.All.StartsWith(folder + "/opt/"));
    }

    [Test]
    public void Link_leads_to_where_the_rest_is()
    {
        Write("rocm/bin/first", "rocm/lib/l.so.1", "rocm/share/gpu.json");
        File.CreateSymbolicLink(Path.Combine(folder, "rocm/lib/l.so"), "l.so.1");
        Directory.CreateDirectory(Path.Combine(folder, "usr/bin"));
        File.CreateSymbolicLink(Path.Combine(folder, "usr/bin/first"), "../../rocm/bin/first");
        var kit = Path.Combine(folder, "kit");

        Find("usr/bin").CopyTo(kit);

        Assert.That(new FileInfo(Path.Combine(kit, "lib/l.so")), Has.Property("LinkTarget").Null.And.Property("Exists").True);
        Assert.That(
            Device.Wrapper(kit),
            Is.EqualTo(new[] { "/opt/gfxbake/d/bin/first", "--config", "/opt/gfxbake/d/share/gpu.json", "--" })
        );
    }

    [Test]
    public void Second_program_serves_where_the_first_is_not_whole()
    {
        Write("a/bin/first", "b/bin/second", "b/lib/l.so", "b/share/gpu.json");
        var kit = Path.Combine(folder, "kit");

        Find("a/bin", "b/bin").CopyTo(kit);

        Assert.That(Device.Wrapper(kit), Is.EqualTo(new[] { "/opt/gfxbake/d/bin/second", "run", "--" }));
    }

    [TestCase("usr/bin/first", "lacks lib/l.so or lib64/l.so")]
    [TestCase("usr/bin/first usr/lib/l.so", "lacks share/gpu.json")]
    public void Installation_without_a_file_is_none_and_says_which(string files, string why)
    {
        Write(files.Split(' '));

        Assert.That(Find("usr/bin"), Is.EqualTo(new InstalledKit([], $"{folder}/usr {why}")).UsingPropertiesComparer());
    }

    [Test]
    public void Nothing_is_found_where_nothing_is()
    {
        Assert.That(Find("usr/bin").Missing, Is.EqualTo($"none of {folder}/opt/bin/first, first, second is there"));
        Assert.That(new InstalledSearch(null).Find(Device).Missing, Is.Not.Null);
        Assert.That(Device.Wrapper(folder), Is.Null);
    }

    [Test]
    public void Kit_is_made_when_it_is_installed_and_goes_with_it()
    {
        var (step, kit) = (new KitsStep(null!), new BuildPaths(folder, "sample", "debian").Kit("d"));
        var without = Input(Find("usr/bin"));
        Write("usr/bin/first", "usr/lib/l.so", "usr/share/gpu.json");
        var with = Input(Find("usr/bin"));

        Assert.That(step.StillThere(with, null!, null!), Is.False);
        Assert.That(Make(with).Keys, Is.EqualTo(new[] { "d" }));
        Assert.That((step.StillThere(with, null!, null!), step.StillThere(without, null!, null!)), Is.EqualTo((true, false)));
        Assert.That(File.Exists(Path.Combine(kit, "bin/first")), Is.True);

        Assert.That(Make(without), Is.Empty);
        Assert.That((Directory.Exists(kit), step.StillThere(without, null!, null!)), Is.EqualTo((false, true)));

        IReadOnlyDictionary<string, string> Make(KitsInput input) => step.Make(input, null!, new Silent(), default).Kits;
    }

    private KitsInput Input(InstalledKit found) =>
        new()
        {
            BaseImage = "",
            InstallCompiler = null,
            Devices = [Device],
            Templates = [],
            Installed = new Dictionary<string, InstalledKit> { ["d"] = found },
            Gpu = null!,
            Paths = new BuildPaths(folder, "sample", "debian"),
            Names = null!,
            Base = null!,
        };

    private InstalledKit Find(params string[] path) =>
        new InstalledSearch(string.Join(':', path.Select(p => $"{folder}/{p}"))).Find(Device);

    private IEnumerable<string> Names(string path) => Find(path).Files.Select(f => f.Name);

    private void Write(params string[] files)
    {
        foreach (var file in files.Select(f => Path.Combine(folder, f)))
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            File.WriteAllText(file, file);
        }
    }

    private sealed class Silent : IReporter
    {
        public void Say(string line) { }

        public void Warn(string line) { }

        public void Transfer(string what, long bytes, Action<IProgress<long>> work) { }
    }
}
