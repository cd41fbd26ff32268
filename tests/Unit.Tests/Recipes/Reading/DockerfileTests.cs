using Gfxbake.Recipes.Reading;
using Gfxbake.Recipes.Yaml;

namespace Gfxbake.Unit.Tests.Recipes.Reading;

public sealed class DockerfileTests
{
    private RecipeFolder folder = null!;
    private string top = null!;

    [SetUp]
    public void SetUp() => (folder, top) = (new RecipeFolder(), Directory.CreateTempSubdirectory("gfxbake-test-").FullName);

    [TearDown]
    public void TearDown()
    {
        folder.Dispose();
        Directory.Delete(top, recursive: true);
    }

    [Test]
    public void Shared_one_stays_where_it_is() => Assert.That(Read("docker/full.Dockerfile"), Is.EqualTo("docker/full.Dockerfile"));

    [TestCase("Dockerfile")]
    [TestCase("rpm-build.Dockerfile")]
    public void One_of_the_recipe_lies_in_its_folder(string name)
    {
        File.WriteAllText(Path.Combine(folder.Root, "sample", name), "FROM scratch\n");

        Assert.That(Read(name), Is.EqualTo("recipes/sample/" + name));
    }

    [TestCase("/etc/Dockerfile", "leaves the repository")]
    [TestCase("../other/Dockerfile", "leaves the repository")]
    [TestCase("docker/../Dockerfile", "leaves the repository")]
    [TestCase("docker/packages/arch.Dockerfile", "is no Dockerfile; write docker/NAME.Dockerfile")]
    [TestCase("docker//Dockerfile", "is no Dockerfile")]
    [TestCase("recipe.yml", "is no Dockerfile")]
    [TestCase("none.Dockerfile", "recipes/sample/none.Dockerfile is missing")]
    public void Any_other_place_is_refused_with_its_line(string name, string message) =>
        Assert.That(
            () => Read(name),
            Throws.TypeOf<RecipeException>().With.Message.StartsWith("recipes/sample/recipe.yml:13: ").And.Message.Contains(message)
        );

    [TestCase("Dockerfile")]
    [TestCase("docker/full.Dockerfile")]
    public void Link_is_refused(string name)
    {
        // A repository around the recipes, for docker/ lies beside them.
        Directory.CreateDirectory(Path.Combine(top, "docker"));
        var recipes = Path.Combine(top, "recipes");
        Directory.CreateSymbolicLink(recipes, folder.Root);
        var link = Path.Combine(top, name.Contains('/', StringComparison.Ordinal) ? name : "recipes/sample/" + name);
        File.WriteAllText(Path.Combine(top, "real"), "FROM scratch\n");
        File.CreateSymbolicLink(link, Path.Combine(top, "real"));
        folder.Write(RecipeFolder.Valid.Replace("docker/full.Dockerfile", name));

        Assert.That(
            () => RecipeBook.Open(recipes).Read("sample"),
            Throws.TypeOf<RecipeException>().With.Message.Contains("is a link; put the file itself there")
        );
    }

    private string Read(string name)
    {
        folder.Write(RecipeFolder.Valid.Replace("docker/full.Dockerfile", name));
        return RecipeBook.Open(folder.Root).Read("sample").Variants["debian"].Dockerfile;
    }
}
