using System.Formats.Tar;
using Cake.Core;
using Gfxbake.Formats.Files;
using Gfxbake.Formats.Images;
using Gfxbake.Formats.Tar;
using Gfxbake.Host.Tasks.Exports;
using Gfxbake.Host.Tests.Fakes;
using Gfxbake.Pipeline.Full;
using Gfxbake.Pipeline.Minimal;
using Gfxbake.Pipeline.Outputs.Sizes;
using Gfxbake.Pipeline.Plan;
using Gfxbake.Pipeline.Trace;
using Gfxbake.Pipeline.Verify;
using Gfxbake.Unit.Tests.Pipeline.Outputs.Report;

namespace Gfxbake.Host.Tests.Tasks;

public sealed class ReportTests
{
    private SampleBuild build = null!;
    private BuildContext context = null!;

    [SetUp]
    public void MakeBuild()
    {
        build = new SampleBuild();
        build.Fixture.AddTool("podman");
        context = build.Open(("recipe", "sample"));
        var entry = new PlanEntry
        {
            Path = "/run",
            Kind = EntryKind.File,
            Size = 4_000_000,
            Action = PlanAction.Keep,
            Causes = [new Cause(Reason.Traced, "run")],
        };
        var plan = new PrunePlan
        {
            CodeTargets = ["gfx1100"],
            Entries =
            [
                entry,
                entry with
                {
                    Path = "/waste",
                    Size = 6_000_000,
                    Action = PlanAction.Drop,
                    Causes = [new Cause(Reason.Unreferenced, null)],
                },
            ],
        };
        AtomicFile.Write(context.Paths.Plan, stream => PrunePlanWriter.Write(plan, stream));
        AtomicFile.Write(
            context.Paths.FullTar,
            stream =>
            {
                using var tar = new TarWriter(stream, leaveOpen: true);
                tar.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, "run"));
            }
        );
        RecordFile.Write(
            context.Paths.FullRecord,
            new FullRecord
            {
                Inputs = [],
                Image = "i",
                ImageId = "1",
                Version = "9.8",
                Files = "",
                Packages = [],
                Size = Size(10_000_000, 2),
            }
        );
        RecordFile.Write(
            context.Paths.MinimalRecord,
            new MinimalRecord
            {
                Inputs = new() { ["plan.json"] = Fingerprint.OfFile(context.Paths.Plan) },
                Image = "i",
                ImageId = "2",
                Verified = true,
                RootFileSystem = "",
                Layers = [new LayerRecord("system", "", 0, 1, 4_000_000)],
                Slimmed = [],
                Size = Size(4_000_000, 1),
            }
        );
    }

    [TearDown]
    public void Clean() => build.Dispose();

    [Test]
    public void Page_and_picture_show_the_build()
    {
        new Report().Run(context);

        Assert.Multiple(() =>
        {
            Assert.That(
                File.ReadAllText(context.Paths.Report),
                Does.StartWith("<!DOCTYPE html>").And.Contain("<title>sample debian: sizes</title>").And.EndWith("</html>\n")
            );
            Assert.That(
                File.ReadAllText(context.Paths.SizesSvg),
                Does.Contain("sample debian 9.8")
                    .And.Contain("full image: 10.0 MB in 2 files")
                    .And.Contain("minimal image: 4.0 MB in 1 files, 60.0 % smaller")
            );
        });
    }

    [Test]
    public void Page_has_the_recorded_builds_of_this_variant_alone()
    {
        var row = new HistoryRow(
            new DateOnly(2026, 1, 2),
            "sample",
            "debian",
            "0123456789abcdef0123456789abcdef01234567",
            "9.7",
            11_000_000,
            5_000_000,
            null
        );
        var rows = SizeHistory
            .Empty.With(row)
            .With(row with { Variant = "other", Full = 77_000_001 })
            .With(row with { Date = new DateOnly(2026, 1, 3), Minimal = 4_500_000, Zst = 1_200_000 });
        AtomicFile.WriteText(context.Paths.SizeHistory, rows.Text);

        new Report().Run(context);

        var page = File.ReadAllText(context.Paths.Report);
        Assert.Multiple(() =>
        {
            Assert.That(
                page,
                Does.Contain("\"date\":\"2026-01-02\"")
                    .And.Contain("\"date\":\"2026-01-03\"")
                    .And.Contain("\"minimal\":4500000")
                    .And.Contain("\"packed\":1200000")
            );
            Assert.That(page, Does.Not.Contain("77000001"));
        });
    }

    [TestCase("2", true)]
    [TestCase("3", false)]
    public void Page_has_the_numbers_that_were_proven_of_this_very_image(string image, bool has)
    {
        RecordFile.Write(
            context.Paths.VerifyRecord,
            new VerifyRecord
            {
                Inputs = [],
                Image = "i",
                ImageId = image,
                Workloads =
                [
                    new WorkloadVerdict("run", null, WorkloadVerdict.Cpu, []),
                    new WorkloadVerdict("serve", null, WorkloadVerdict.Cpu, []) { Numbers = [SampleReport.Numbers[0].Comparison] },
                ],
            }
        );

        new Report().Run(context);

        Assert.That(File.ReadAllText(context.Paths.Report).Contains("\"workload\":\"serve\""), Is.EqualTo(has));
    }

    [Test]
    public void Plan_that_the_image_was_not_built_from_is_refused()
    {
        File.AppendAllText(context.Paths.Plan, "\n");

        Assert.That(
            () => new Report().Run(context),
            Throws.InstanceOf<CakeException>().With.Message.Contains("another plan").And.Message.Contains("--target=MinimalImage")
        );
    }

    [TestCase("minimal.json", "MinimalImage")]
    [TestCase("full.json", "FullImage")]
    [TestCase("full.tar", "FullImage")]
    [TestCase("plan.json", "PlanPrune")]
    public void What_is_missing_is_named_with_its_target(string file, string target)
    {
        File.Delete(Path.Combine(context.Paths.Build, file));

        Assert.That(
            () => new Report().Run(context),
            Throws.InstanceOf<CakeException>().With.Message.Contains(file).And.Message.Contains($"--target={target}")
        );
    }

    private static ImageSize Size(long bytes, int files) => new(new ImageStatistics(bytes, files, 0, 0, 0, 0), bytes);
}
