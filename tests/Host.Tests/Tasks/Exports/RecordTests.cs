using Cake.Core;
using Gfxbake.Formats.Files;
using Gfxbake.Host.Tasks.Exports;
using Gfxbake.Host.Tests.Fakes;
using Gfxbake.Pipeline.Outputs.Sizes;
using Path = System.IO.Path;

namespace Gfxbake.Host.Tests.Tasks.Exports;

[NonParallelizable]
internal sealed class RecordTests
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
    public void Record_adds_one_row_and_the_entries_and_does_so_once()
    {
        sample.Export("minimal.tar.zst", 30);
        sample.Run<CompareExports>(("record", ""));
        var text = File.ReadAllText(History);
        sample.Run<CompareExports>(("record", ""));

        Assert.Multiple(() =>
        {
            Assert.That(text, Does.EndWith($"| sample | debian | {BuiltSample.Commit} | sample 1.2 | 1,000 | 60 | 30 | 94.0 % |\n"));
            Assert.That(File.ReadAllText(History), Is.EqualTo(text));
            Assert.That(File.ReadAllText(Entries), Does.EndWith("60\t/usr/lib/a.so\n0\t*\n"));
            Assert.That(
                sample.Build.Log,
                Does.Contain("Information: recorded in SIZE_COMPARISON.md and recipes/sample/sizes-debian.txt; commit both")
                    .And.Contain("Information: SIZE_COMPARISON.md has this build already")
            );
        });
    }

    [Test]
    public void Record_of_an_unverified_image_is_refused()
    {
        sample.Write(60, verified: false);

        Assert.That(
            () => sample.Run<CompareDocker>(("record", "")),
            Throws.TypeOf<CakeException>().With.Message.StartsWith("the minimal image is not verified, so its size is not recorded")
        );
        Assert.That(File.Exists(History), Is.False);
    }

    [Test]
    public void Record_of_changed_files_is_refused()
    {
        sample.Answer("git status", new ProcessAnswer(0, " M build.sh"));

        Assert.That(
            () => sample.Run<CompareDocker>(("record", "")),
            Throws
                .TypeOf<CakeException>()
                .With.Message.StartsWith(
                    $"files differ from the commit, so nobody could build {BuiltSample.Commit}-dirty again, and its size is not recorded"
                )
        );
        Assert.That(File.Exists(History), Is.False);
    }

    [Test]
    public void Record_of_another_commit_s_image_is_refused_and_a_mere_comparison_warns()
    {
        var other = new string('c', 40);
        sample.Answer("git rev-parse", new ProcessAnswer(0, other));
        sample.Answer("git log", new ProcessAnswer(0, other));
        sample.Run<CompareDocker>();

        Assert.That(sample.Build.Log, Does.Contain($"Warning: the minimal image was made of another commit than {other}"));
        Assert.That(
            () => sample.Run<CompareDocker>(("record", "")),
            Throws
                .TypeOf<CakeException>()
                .With.Message.StartsWith($"the minimal image was made of another commit than {other}, so its size is not recorded")
        );
        Assert.That(File.Exists(History), Is.False);
    }

    [Test]
    public void Build_over_its_budget_fails_names_what_grew_and_records_nothing()
    {
        sample.Run<CompareDocker>(("record", ""));
        var text = File.ReadAllText(History);
        sample.ChangeRecipe("budget: {minimal: 70}");
        sample.Write(90);

        Assert.That(
            () => sample.Run<CompareDocker>(("record", "")),
            Throws
                .TypeOf<CakeException>()
                .With.Message.Contains("minimal has 90 B (90 bytes), 20 B over its 70 B")
                .And.Message.Contains(" +30 B to       90 B  /usr/lib/a.so\n")
        );
        Assert.Multiple(() =>
        {
            Assert.That(File.ReadAllText(History), Is.EqualTo(text));
            Assert.That(Report.MinimalBytes, Is.EqualTo(90), "the report is there to be read");
            Assert.That(sample.Screen, Does.Contain("    full the same, minimal +30 B\n"));
        });
    }

    [Test]
    public void Budget_of_a_missing_archive_is_a_warning()
    {
        sample.ChangeRecipe("budget: {zst: 70}");
        sample.Run<CompareDocker>();

        Assert.That(sample.Build.Log, Does.Contain("Warning: budget zst is not checked: its archive is missing"));
    }

    [Test]
    public void Broken_history_is_an_error_with_its_line()
    {
        File.WriteAllText(History, "# mine\n");

        Assert.That(
            () => sample.Run<CompareDocker>(),
            Throws.TypeOf<CakeException>().With.Message.StartsWith("SIZE_COMPARISON.md:1: has no table")
        );
    }

    [Test]
    public void Broken_entries_are_an_error_with_their_line()
    {
        File.WriteAllText(Entries, "mine\n");

        Assert.That(
            () => sample.Run<CompareDocker>(),
            Throws.TypeOf<CakeException>().With.Message.StartsWith("recipes/sample/sizes-debian.txt:1: must be bytes, a tab and a path")
        );
    }
}
