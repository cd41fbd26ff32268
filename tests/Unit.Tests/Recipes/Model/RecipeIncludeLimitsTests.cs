using Gfxbake.Recipes.Model;
using Gfxbake.Recipes.Reading;
using Gfxbake.Recipes.Yaml;
using Gfxbake.Unit.Tests.Recipes.Reading;
using Gfxbake.Unit.Tests.Recipes.Yaml;

namespace Gfxbake.Unit.Tests.Recipes.Model;

/// <summary>Included files that would never end.</summary>
public sealed class RecipeIncludeLimitsTests
{
    private RecipeFolder folder = null!;

    [SetUp]
    public void SetUp()
    {
        folder = new RecipeFolder();
        folder.Share("common", RecipeIncludesTests.Common);
    }

    [TearDown]
    public void TearDown() => folder.Dispose();

    [Test]
    public void Route_is_bounded()
    {
        for (var i = 0; i < 6; i++)
            folder.Share($"n{i}", $"include: [n{i + 1}]\n");
        folder.Share("n6", RecipeIncludesTests.Common);
        folder.Write(RecipeIncludesTests.Own.Replace("[common]", "[n0]"));

        Assert.That(
            Read,
            Throws
                .TypeOf<RecipeException>()
                .With.Message.Contains("recipes/_shared/n3.yml:1: 'n4' is included over more than 4 files: n0 -> n1 -> n2 -> n3")
        );
    }

    [Test]
    public void Number_of_files_is_bounded()
    {
        for (var i = 0; i < 17; i++)
            folder.Share($"n{i}", "{}\n");
        folder.Write(
            RecipeIncludesTests.Own.Replace("[common]", $"[common, {string.Join(", ", Enumerable.Range(0, 17).Select(i => $"n{i}"))}]")
        );

        Assert.That(Read, Throws.TypeOf<RecipeException>().With.Message.Contains("at most 16 files"));
    }

    [Test]
    public void Blocks_that_multiply_by_aliases_are_refused()
    {
        var levels = string.Join(
            '\n',
            Enumerable.Range(1, 12).Select(i => $"l{i}: &l{i} {{{string.Join(", ", "abcdefgh".Select(c => $"{c}: *l{i - 1}"))}}}")
        );
        folder.Share("common", $"l0: &l0 {{x: 1}}\n{levels}\n");
        folder.Write($"include: [common]\nl0: &l0 {{x: 1}}\n{levels}\n");

        Assert.That(Read, Throws.TypeOf<RecipeException>().With.Message.Contains("values"));
    }

    private Recipe Read() => RecipeBook.Open(folder.Root).Read("sample");
}
