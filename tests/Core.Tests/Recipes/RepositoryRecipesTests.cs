using Gfxbake.Core.Recipes;

namespace Gfxbake.Core.Tests.Recipes;

public sealed class RepositoryRecipesTests
{
    private static string Root
    {
        get
        {
            var directory = new DirectoryInfo(TestContext.CurrentContext.TestDirectory);
            while (!File.Exists(Path.Combine(directory!.FullName, "cake.config"))) directory = directory.Parent;
            return directory.FullName;
        }
    }

    private static IEnumerable<string> Names => RecipeBook.Open(Path.Combine(Root, "recipes")).Names;

    [TestCaseSource(nameof(Names))]
    public void Recipe_of_the_repository_is_valid(string name)
        => Assert.That(() => RecipeBook.Open(Path.Combine(Root, "recipes")).Read(name), Throws.Nothing);
}
