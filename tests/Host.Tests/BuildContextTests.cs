using Cake.Core;
using Gfxbake.Host.Tests.Engine;
using Gfxbake.Host.Tests.Fakes;
using Gfxbake.Host.Tools;
using Gfxbake.Recipes.Yaml;

namespace Gfxbake.Host.Tests;

[TestFixture]
internal sealed class BuildContextTests
{
    private SampleBuild build = null!;

    [SetUp]
    public void SetUp() => build = new SampleBuild();

    [TearDown]
    public void TearDown() => build.Dispose();

    [Test]
    public void Recipe_is_that_of_cake_config_without_an_argument() => Assert.That(build.Open().Recipe.Name, Is.EqualTo("sample"));

    [Test]
    public void Repository_names_a_default_recipe_that_is_there()
    {
        File.Copy(Path.Combine(Checkout.RepositoryRoot, "cake.config"), build.PathOf("cake.config"), overwrite: true);
        var name = build.Open().Configuration.GetValue("Gfxbake_Recipe");

        Assert.That(File.Exists(Path.Combine(Checkout.RepositoryRoot, "recipes", name!, "recipe.yml")), Is.True, name);
    }

    [Test]
    public void Unknown_recipe_is_an_error_that_lists_the_known() =>
        Assert.That(
            () => build.Open(("recipe", "simple")).Recipe,
            Throws.TypeOf<RecipeException>().With.Message.EqualTo("unknown recipe 'simple'; known: sample (recipes/*/recipe.yml)")
        );

    [TestCase("../sample")]
    [TestCase("_shared")]
    [TestCase("")]
    public void Recipe_is_never_a_path(string name) =>
        Assert.That(() => build.Open(("recipe", name)).Recipe, Throws.TypeOf<RecipeException>().With.Message.Contains("unknown recipe"));

    [Test]
    public void Unknown_variant_is_an_error_that_lists_the_known() =>
        Assert.That(
            () => build.Open(("variant", "fedora")).Variant,
            Throws
                .TypeOf<CakeException>()
                .With.Message.EqualTo("unknown variant 'fedora' of sample; known: debian (recipes/sample/recipe.yml)")
        );

    [Test]
    public void Variant_is_the_recipes_default_without_an_argument() => Assert.That(build.Open().VariantName, Is.EqualTo("debian"));

    [Test]
    public void Image_is_named_after_recipe_variant_and_kind_and_a_working_one_after_the_checkout_too() =>
        Assert.Multiple(() =>
        {
            Assert.That(build.Open().PublicImage("full"), Is.EqualTo("localhost/sample:debian-full"));
            Assert.That(
                build.Open().Image("full"),
                Is.EqualTo("localhost/sample:debian-full-" + Containers.Checkout(build.Root)).And.Match("-[0-9a-f]{8}$")
            );
        });

    [Test]
    public void Artifacts_lie_in_a_folder_of_recipe_and_variant() =>
        Assert.That(build.Open().Paths.FullRecord, Is.EqualTo(build.PathOf("artifacts/sample/debian/full.json")));

    [Test]
    public void Opening_a_context_starts_nothing_and_reads_no_recipe()
    {
        Directory.Delete(build.PathOf("recipes"), recursive: true);
        _ = build.Open(("engine", "nonsense"));

        Assert.That(build.Processes.Calls, Is.Empty);
    }
}
