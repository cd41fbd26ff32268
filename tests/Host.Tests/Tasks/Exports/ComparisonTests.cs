using Cake.Core;
using Gfxbake.Formats.Files;
using Gfxbake.Host.Tasks.Exports;
using Gfxbake.Host.Tests.Fakes;
using Gfxbake.Pipeline.Outputs.Export;
using Gfxbake.Pipeline.Outputs.Sizes;
using Path = System.IO.Path;

namespace Gfxbake.Host.Tests.Tasks.Exports;

[NonParallelizable]
internal sealed class ComparisonTests
{
    private BuiltSample sample = null!;

    private string History => sample.Build.PathOf("SIZE_COMPARISON.md");

    private string Entries => sample.Build.PathOf("recipes/sample/sizes-debian.txt");

    private SizeReport Report => RecordFile.TryRead<SizeReport>(Path.Combine(sample.Folder, "sizes.json"))!;

    [SetUp]
    public void SetUp() => sample = new BuiltSample();

    [TearDown]
    public void TearDown() => sample.Dispose();

    [Test]
    public void CompareDocker_asks_the_engine_for_both_images_whoever_has_their_names()
    {
        sample.Run<CompareDocker>();

        Assert.Multiple(() =>
        {
            Assert.That(
                sample.Build.Processes.CommandLines.Where(c => c.Contains(" inspect ")),
                Is.EqualTo(
                    new[] { "podman image inspect --format {{.Size}} full-id", "podman image inspect --format {{.Size}} minimal-id" }
                )
            );
            Assert.That(Report.Rows.Where(r => r.Kind == SizeKind.Engine).Select(r => r.Bytes), Is.EqualTo(new long?[] { 2000, 500 }));
            Assert.That(
                sample.Screen,
                Does.Contain("  sum of the files                      1.0 kB          60 B    94.0 %\n")
                    .And.Contain("  image, as the engine counts           2.0 kB         500 B    75.0 %\n")
                    .And.Contain("missing: sample-debian-full.tar (--target=SaveImage)\n")
            );
        });
    }

    [Test]
    public void Revision_is_asked_of_git_without_what_a_record_writes()
    {
        sample.Run<CompareDocker>();

        Assert.Multiple(() =>
        {
            Assert.That(
                sample.Build.Processes.CommandLines.Where(c => c.StartsWith("git ", StringComparison.Ordinal)),
                Is.SupersetOf(
                    new[]
                    {
                        "git rev-parse HEAD",
                        "git status --porcelain -- . :(exclude)SIZE_COMPARISON.md :(exclude)recipes/*/sizes-*.txt",
                    }
                )
            );
            Assert.That(Report.Revision, Is.EqualTo(BuiltSample.Commit));
        });
    }

    [Test]
    public void Revision_of_a_changed_tree_is_dirty()
    {
        sample.Answer("git status", new ProcessAnswer(0, " M build.sh"));
        sample.Run<CompareDocker>();

        Assert.That(Report.Revision, Is.EqualTo(BuiltSample.Commit + "-dirty"));
    }

    [Test]
    public void Revision_outside_of_git_is_unknown()
    {
        sample.Answer("git rev-parse", new ProcessAnswer(128));
        sample.Run<CompareDocker>();

        Assert.That(Report.Revision, Is.EqualTo("unknown"));
    }

    [Test]
    public void Comparison_without_record_changes_nothing_that_git_tracks()
    {
        sample.Export("minimal.tar.zst", 30);
        sample.Run<CompareDocker>();
        sample.Run<CompareExports>();

        Assert.That(File.Exists(History) || File.Exists(Entries), Is.False);
    }

    [Test]
    public void CompareDocker_shows_a_missing_image_with_its_target()
    {
        sample.Answer(
            "podman image inspect --format {{.Size}} full-id",
            new ProcessAnswer(125) { Error = ["Error: full-id: image not known"] }
        );
        sample.Run<CompareDocker>();

        Assert.That(sample.Screen, Does.Contain("missing: localhost/sample:debian-full (--target=FullImage)\n"));
    }

    [Test]
    public void CompareDocker_without_any_image_is_an_error()
    {
        sample.Answer("podman image inspect", new ProcessAnswer(125) { Error = ["no such image"] });

        Assert.That(
            () => sample.Run<CompareDocker>(),
            Throws
                .TypeOf<CakeException>()
                .With.Message.EqualTo(
                    "the engine has neither localhost/sample:debian-full nor localhost/sample:debian-minimal; "
                        + "run ./build.sh --target=MinimalImage first"
                )
        );
    }

    [Test]
    public void Engine_that_gives_no_number_is_an_error()
    {
        sample.Answer("podman image inspect --format {{.Size}}", new ProcessAnswer(0, "2 kB"));

        Assert.That(
            () => sample.Run<CompareDocker>(),
            Throws.TypeOf<CakeException>().With.Message.EqualTo("sample engine 1.0 gives no size for full-id but '2 kB'")
        );
    }

    [Test]
    public void CompareExports_needs_no_engine_and_shows_what_is_missing()
    {
        sample.Export("minimal.tar.zst", 30);
        sample.Export("full.tar.zst", 300);
        sample.Run<CompareExports>();

        Assert.Multiple(() =>
        {
            Assert.That(sample.Build.Processes.CommandLines, Has.None.StartsWith("podman"));
            Assert.That(Report.ZstBytes, Is.EqualTo(30));
            Assert.That(Report.Rows[^1].Sha256, Is.EqualTo(new string('a', 64)));
            Assert.That(
                sample.Screen,
                Does.Contain("  archive .tar                         missing       missing         -\n")
                    .And.Contain("  archive .tar.zst                       300 B          30 B    90.0 %\n")
                    .And.Contain("missing: sample-debian-minimal.tar (--target=SaveMinimalImage)\n")
            );
        });
    }

    [Test]
    public void CompareExports_without_any_export_lists_the_targets() =>
        Assert.That(
            () => sample.Run<CompareExports>(),
            Throws
                .TypeOf<CakeException>()
                .With.Message.EqualTo(
                    """
                    none of the exports is there; each has a target:
                      artifacts/images/sample-debian-full.tar  ./build.sh --target=SaveImage
                      artifacts/images/sample-debian-minimal.tar  ./build.sh --target=SaveMinimalImage
                      artifacts/images/sample-debian-full.tar.zst  ./build.sh --target=SaveImageZst
                      artifacts/images/sample-debian-minimal.tar.zst  ./build.sh --target=SaveMinimalImageZst
                    """
                )
        );

    [Test]
    public void CompareExports_keeps_what_the_engine_said_of_the_same_images()
    {
        sample.Export("minimal.tar", 300);
        sample.Run<CompareDocker>();
        sample.Run<CompareExports>();

        Assert.That(Report.Rows.Count(r => r.Kind == SizeKind.Engine), Is.EqualTo(2));
    }

    [Test]
    public void Export_without_a_checksum_is_an_error()
    {
        sample.Export("minimal.tar", 300);
        File.Delete(sample.Build.PathOf("artifacts/images/sample-debian-minimal.tar.sha256"));

        Assert.That(
            () => sample.Run<CompareExports>(),
            Throws
                .TypeOf<CakeException>()
                .With.Message.EqualTo(
                    "artifacts/images/sample-debian-minimal.tar has no .sha256 beside it, so it may be half written; "
                        + "make it anew: ./build.sh --target=SaveMinimalImage"
                )
        );
    }

    [TestCase("")]
    [TestCase("aa  sample-debian-minimal.tar\n")]
    [TestCase("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa  other.tar\n")]
    public void Export_with_a_strange_checksum_is_an_error(string checksum)
    {
        sample.Export("minimal.tar", 300, checksum);

        Assert.That(
            () => sample.Run<CompareExports>(),
            Throws
                .TypeOf<CakeException>()
                .With.Message.EqualTo(
                    "artifacts/images/sample-debian-minimal.tar.sha256 is not '<64 hex digits>  sample-debian-minimal.tar'; "
                        + "make it anew: ./build.sh --target=SaveMinimalImage"
                )
        );
    }

    [Test]
    public void Export_of_an_earlier_image_is_an_error()
    {
        sample.Export("minimal.tar", 300);
        RecordFile.Write(
            Path.Combine(sample.Folder, "export-minimal-tar.json"),
            new ExportRecord
            {
                Inputs = new(StringComparer.Ordinal) { ["image"] = "earlier" },
                File = "",
                Bytes = 300,
                TarBytes = 300,
                Sha256 = "",
            }
        );

        Assert.That(
            () => sample.Run<CompareExports>(),
            Throws
                .TypeOf<CakeException>()
                .With.Message.EqualTo(
                    "artifacts/images/sample-debian-minimal.tar was made of an earlier image; "
                        + "make it anew: ./build.sh --target=SaveMinimalImage, or delete it"
                )
        );
    }

    [TestCase("plan.json")]
    [TestCase("full.json")]
    public void Records_of_different_builds_are_an_error(string file)
    {
        var path = Path.Combine(sample.Folder, file);
        File.WriteAllText(path, File.ReadAllText(path).Replace("full-id", "other").Replace("/usr/lib", "/usr/lab"));

        Assert.That(
            () => sample.Run<CompareExports>(),
            Throws
                .TypeOf<CakeException>()
                .With.Message.EqualTo(
                    $"minimal.json was not made from the {file} that is there; "
                        + "run ./build.sh --target=MinimalImage first, so that the figures are of one build"
                )
        );
    }

    [Test]
    public void Package_that_is_not_there_is_an_error()
    {
        sample.ChangeRecipe("report_versions: [rocm]");

        Assert.That(
            () => sample.Run<CompareDocker>(),
            Throws
                .TypeOf<CakeException>()
                .With.Message.EqualTo("package rocm (report_versions) is not in the full image; correct recipes/sample/recipe.yml")
        );
    }

    [Test]
    public void Step_summary_gets_the_markdown_appended()
    {
        var file = sample.Build.PathOf("summary.md");
        File.WriteAllText(file, "before\n");
        sample.Build.Fixture.Environment.Variables["GITHUB_STEP_SUMMARY"] = file;
        sample.Run<CompareDocker>();

        Assert.That(File.ReadAllText(file), Is.EqualTo("before\n" + File.ReadAllText(Path.Combine(sample.Folder, "sizes.md")) + "\n"));
    }

    [Test]
    public void Step_summary_that_can_not_be_written_is_an_error()
    {
        sample.Build.Fixture.Environment.Variables["GITHUB_STEP_SUMMARY"] = "none/summary.md";

        Assert.That(
            () => sample.Run<CompareDocker>(),
            Throws.TypeOf<CakeException>().With.Message.StartsWith("$GITHUB_STEP_SUMMARY names none/summary.md, which can't be written: ")
        );
    }
}
