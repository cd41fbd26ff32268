using System.Text.Json;
using Gfxbake.Formats.Files;
using Gfxbake.Pipeline.Check;
using Gfxbake.Pipeline.Run;

namespace Gfxbake.Unit.Tests.Pipeline.Check;

public sealed class GpuReportTests
{
    private static readonly string Id = new('1', 64);

    private static GpuReport Report =>
        new()
        {
            Recipe = "sample",
            Variant = "debian",
            Gpu = "gfx1151",
            On = "this machine's GPU",
            IsHardware = true,
            Computes = true,
            Programs = "minimal image",
            Verdict = GpuVerdict.Passed,
            Image = new(Id, ["sha256:" + Id], new Dictionary<string, string> { ["gfxbake.rocr"] = "7.2.4" }),
            Packages = new Dictionary<string, string> { ["libgpu"] = "7.2.4-1" },
            Machine = new("6.18.4-amd64", ["gfx1151"], new Dictionary<string, string> { ["mes_fw_version"] = "0x00000080" }),
            Checks = [SampleCheck.Judge()],
        };

    [Test]
    public void Text_has_everything_in_80_columns()
    {
        List<string> lines = [.. GpuReportText.Lines(Report)];

        Assert.That(lines.Where(l => l.Length > 80 && !l.Contains(Id)), Is.Empty);
        Assert.That(
            string.Join('\n', lines),
            Is.EqualTo(
                $"""
                sample, variant debian, made for gfx1151
                minimal image, on this machine's GPU

                check: passed
                  device      G0 (a GPU)
                  layers      3/3
                  kernels     3 ran, 2 different
                  libraries   libback.so, libgpu.so.7.2
                  numbers     4 compared with the CPU's, at most 0 apart (0.5 is allowed)

                  kernel      Linux 6.18.4-amd64
                  GPUs        gfx1151
                  firmware    mes_fw_version 0x00000080
                  packages    libgpu 7.2.4-1
                  image id    {Id}
                  digest
                              sha256:{Id}
                  labels      gfxbake.rocr=7.2.4

                This machine's GPU was used, and computes what the CPU computes.
                """.Replace("\r", "")
            )
        );
    }

    [TestCase(GpuVerdict.NotCompared, "FAILED", false)]
    [TestCase(GpuVerdict.NotCompared, "passed", false)]
    [TestCase(GpuVerdict.WrongNumbers, "FAILED", true)]
    [TestCase(GpuVerdict.CpuFallback, "FAILED", true)]
    [TestCase(GpuVerdict.MissingLibrary, "FAILED", true)]
    [TestCase(GpuVerdict.Failed, "FAILED", true)]
    public void Only_a_failure_says_so_and_only_a_success_that_it_passed(GpuVerdict verdict, string word, bool said) =>
        Assert.That(GpuReportText.Word(verdict).Contains(word, StringComparison.Ordinal), Is.EqualTo(said));

    // Whatever a program, the kernel's builder or a label may have put in: none of it leaves the machine.
    [Test]
    public void Nothing_personal_is_left_in_either_file()
    {
        string[] planted =
        [
            "alice",
            "alices-tower",
            "/home/alice/src/gfxbake",
            "GPU-1a2b3c4d5e6f7081",
            "123e4567-e89b-12d3-a456-426614174000",
            "de:ad:be:ef:00:01",
            "bob",
        ];
        string[] folders = ["carol"];
        var text = $"x {string.Join(" y ", planted)} /home/bob/m.gguf alice-1 ALICE alices-tower.example.org end";
        var some = new Dictionary<string, string> { ["a"] = text };
        var report = Report with
        {
            Image = Report.Image! with { Labels = some },
            Packages = some,
            Machine = new($"6.18.4-{text}", [text], some),
            Checks =
            [
                Report.Checks[0] with
                {
                    Problems = [text],
                    Shown = some,
                    Libraries = ["/data/carol/libgpu.so.1", "/usr/lib/libback.so"],
                    AllLibraries = ["/usr/" + text],
                },
            ],
        };

        var clean = new Anonymous(
            ["/home/alice/src/gfxbake", "/home/alice/"],
            ["alice", "alices-tower.example.org", "bob", "root", null]
        ).Of(report);

        var both = JsonSerializer.Serialize(clean, RecordFile.Options) + string.Join('\n', GpuReportText.Lines(clean));
        Assert.Multiple(() =>
        {
            foreach (var word in planted.Concat(folders))
                Assert.That(both, Does.Not.Contain(word).IgnoreCase);
            Assert.That(both, Does.Contain("\"…/libgpu.so.1\"").And.Contain("/usr/lib/libback.so").And.Contain("end").And.Contain("x "));
        });
    }

    [Test]
    public void Names_that_are_nobodys_stay()
    {
        var anonymous = new Anonymous(["/", ""], ["root", "localhost", "", "x", "al"]);

        Assert.That(anonymous.Of("root of localhost: x, total, al"), Is.EqualTo("root of localhost: x, total, (left out)"));
    }

    [Test]
    public void Image_is_told_by_what_says_what_it_is()
    {
        var image = CheckedThings.Image(
            "id",
            """
            [{"RepoDigests": ["registry.example/alice/x@sha256:aaaa", "registry.example/alice/x@sha256:DIGEST"],
              "Config": {"Labels": {"gfxbake.rocr": "7.2.4", "maintainer": "alice", "gfxbake.variant": 5}}}]
            """.Replace("DIGEST", Id)
        );

        Assert.That(image.Digests, Is.EqualTo(new[] { "sha256:" + Id }));
        Assert.That(image.Labels, Is.EqualTo(new Dictionary<string, string> { ["gfxbake.rocr"] = "7.2.4" }));
    }

    [TestCase("")]
    [TestCase("{}")]
    [TestCase("[]")]
    [TestCase("""[{"RepoDigests": 1, "Config": null}]""")]
    [TestCase("""[1]""")]
    public void Image_of_which_the_engine_says_nonsense_has_no_labels(string inspected) =>
        Assert.That(CheckedThings.Image("id", inspected).Labels, Is.Empty);

    [Test]
    public void Machine_is_told_by_kernel_gpus_and_firmware()
    {
        var root = Directory.CreateTempSubdirectory("gfxbake-machine").FullName;
        try
        {
            Write("proc/version", "Linux version 6.18.4-amd64 (alice@builder) (gcc) #1 SMP\n");
            Write("sys/class/kfd/kfd/topology/nodes/1/properties", "gfx_target_version 110501\nunique_id 1234567890\n");
            Write("sys/class/drm/card1/device/fw_version/mes_fw_version", "0x00000080\n");
            Write("sys/class/drm/card1/device/fw_version/vce_fw_version", "0x00000000\n");
            Write("sys/class/drm/card1/device/fw_version/nonsense", "alice\n");
            Write("sys/class/drm/card1/device/unique_id", "1234567890abcdef\n");
            var book = Gfxbake.Recipes.Reading.RecipeBook.Open(Path.Combine(RepositoryRoot.Path, "recipes"));
            var given = Gfxbake.Recipes.Shared.GivenFacts.Of(book.Read("llama-cpp-gfx1151"), "vulkan", book.Hosts, book.Gpus, book.Devices);

            var machine = CheckedThings.Machine(book.Doctor, new HostTree(root), given);

            Assert.That((machine.Kernel, machine.Gpus.Single()), Is.EqualTo(("6.18.4-amd64", "gfx1151")));
            Assert.That(machine.Firmware, Is.EqualTo(new Dictionary<string, string> { ["mes_fw_version"] = "0x00000080" }));
        }
        finally
        {
            Directory.Delete(root, recursive: true);
        }

        void Write(string file, string text)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(root, file))!);
            File.WriteAllText(Path.Combine(root, file), text);
        }
    }
}
