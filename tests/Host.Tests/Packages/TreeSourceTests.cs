using Cake.Core;
using Gfxbake.Host.Images;
using Gfxbake.Host.Tests.Engine;
using Gfxbake.Host.Tests.Fakes;
using Path = System.IO.Path;

namespace Gfxbake.Host.Tests.Packages;

/// <summary>A source that nothing is compiled from: a package has files of it.</summary>
internal sealed class TreeSourceTests
{
    private const string Key = """

        sources:
          air: {repository: 'https://example.org/air', tag: v1, commit: 0123456789012345678901234567890123456789}
        packages:
          description: [a sample]
          programs: [/usr/bin/sample]
          user: someone
          trees: [{from: air, source: code, target: /usr/share/air, variants: [debian]}]
        """;

    private SampleBuild build = null!;
    private string air = "";

    [SetUp]
    public void SetUp()
    {
        build = new SampleBuild();
        var packages = File.ReadAllText(Path.Combine(Checkout.RepositoryRoot, "recipes", "_shared", "packages.yml"));
        build.Write("recipes/_shared/packages.yml", packages);
        var recipe = build.PathOf("recipes/sample/recipe.yml");
        File.WriteAllText(recipe, File.ReadAllText(recipe) + Key);
        air = Directory.CreateDirectory(build.PathOf("air")).FullName;
    }

    [TearDown]
    public void TearDown() => build.Dispose();

    [Test]
    public void Local_folder_is_taken_although_the_variant_compiles_nothing() =>
        Assert.That(BuildArguments.Of(build.Open(("source", "air=" + air))).SourceFolders["air"], Is.EqualTo(air));

    [Test]
    public void Local_folder_of_a_compiling_variant_that_has_no_such_tree_is_the_programs()
    {
        build.AddSource("https://example.org/tool", "v1", new string('0', 40));

        Assert.That(
            () => BuildArguments.Of(build.Open(("variant", "native"), ("source", "air=" + air))),
            Throws.TypeOf<CakeException>().With.Message.Contains("NAME=DIR can name tool")
        );
    }

    [TestCase("source", "air", "--source=air: variant debian compiles nothing; NAME=DIR can name air")]
    [TestCase("source", "air=gone", "--source=air=gone: there is no folder ")]
    [TestCase("jobs", "2", "--jobs: variant debian compiles nothing; no variant of this recipe does")]
    public void What_means_nothing_there_is_an_error(string name, string value, string message) =>
        Assert.That(() => BuildArguments.Of(build.Open((name, value))), Throws.TypeOf<CakeException>().With.Message.StartsWith(message));
}
