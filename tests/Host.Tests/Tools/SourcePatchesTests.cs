using Cake.Core;
using Gfxbake.Host.Tests.Fakes;
using Gfxbake.Host.Tools;
using Path = System.IO.Path;

namespace Gfxbake.Host.Tests.Tools;

/// <summary>With the real git, in a folder inside of another repository, as artifacts/ is.</summary>
[TestFixture]
internal sealed class SourcePatchesTests
{
    private SampleBuild build = null!;
    private string folder = null!;

    [SetUp]
    public void SetUp()
    {
        build = new SampleBuild();
        build.Fixture.RealProcesses = true;
        build.Fixture.Environment.Variables["PATH"] = Environment.GetEnvironmentVariable("PATH")!;
        build.AddSource("https://example.org/tool", "v1", new string('0', 40));
        var recipe = build.PathOf("recipes/sample/recipe.yml");
        File.WriteAllText(
            recipe,
            File.ReadAllText(recipe).Replace("cmake: {TARGETS", "patches: [sample/fix.patch]\n      cmake: {TARGETS")
        );
        Git.Run(build.Open(), build.Root, "init", "--quiet");
        folder = Directory.CreateDirectory(build.PathOf("artifacts/context/source")).FullName;
        Write("one\ntwo\nthree\n");
        Patch("a.c");
    }

    [TearDown]
    public void TearDown() => build.Dispose();

    [Test]
    public void Patch_that_fits_is_applied()
    {
        Apply();

        Assert.That(Read(), Is.EqualTo("one\n2\nthree\n"));
    }

    [Test]
    public void Patch_that_is_in_already_changes_nothing_and_says_so()
    {
        Write("one\n2\nthree\n");

        Apply();

        Assert.That(Read(), Is.EqualTo("one\n2\nthree\n"));
        Assert.That(build.Log, Has.Some.Contains("recipes/sample/fix.patch is in the source already"));
    }

    [Test]
    public void Patch_that_fits_no_more_stops_the_build_and_changes_nothing()
    {
        Write("one\ndeux\nthree\n");

        Assert.That(Apply, Throws.TypeOf<CakeException>().With.Message.Contains("recipes/sample/fix.patch fits the source no more"));
        Assert.That(Read(), Is.EqualTo("one\ndeux\nthree\n"));
    }

    [Test]
    public void Patch_that_leaves_the_source_is_refused()
    {
        File.WriteAllText(Path.Combine(folder, "..", "a.c"), "one\ntwo\nthree\n");
        Patch("../a.c");

        Assert.That(Apply, Throws.TypeOf<CakeException>());
        Assert.That(File.ReadAllText(Path.Combine(folder, "..", "a.c")), Is.EqualTo("one\ntwo\nthree\n"));
    }

    [Test]
    public void Patch_that_is_missing_is_named()
    {
        File.Delete(build.PathOf("recipes/sample/fix.patch"));

        Assert.That(Apply, Throws.TypeOf<CakeException>().With.Message.StartsWith("recipes/sample/fix.patch is missing"));
    }

    private void Apply()
    {
        var context = build.Open(("variant", "native"));
        SourcePatches.Apply(context, context.Variant.Source!, folder);
    }

    private void Patch(string file) =>
        File.WriteAllText(build.PathOf("recipes/sample/fix.patch"), $"why\n\n--- a/{file}\n+++ b/{file}\n@@ -2 +2 @@\n-two\n+2\n");

    private void Write(string text) => File.WriteAllText(Path.Combine(folder, "a.c"), text);

    private string Read() => File.ReadAllText(Path.Combine(folder, "a.c"));
}
