using Gfxbake.Pipeline.Outputs.Package;
using Gfxbake.Recipes.Model;
using Gfxbake.Recipes.Reading;
using Gfxbake.Recipes.Shared;
using Gfxbake.Recipes.Yaml;
using Gfxbake.Unit.Tests.Recipes.Reading;

namespace Gfxbake.Unit.Tests.Pipeline.Outputs.Package;

/// <summary>A package format that the program does not know (tests/fixtures/package-format): data and templates are all it needs.</summary>
public sealed class ThirdFormatTests
{
    private const string Format = "debian";

    private static readonly string Fixture = Path.Combine(RepositoryRoot.Path, "tests", "fixtures", "package-format");

    private RecipeFolder folder = null!;
    private Recipe recipe = null!;
    private PackagingFacts facts = null!;

    private static IEnumerable<string> Templates =>
        Directory.EnumerateFiles(Path.Combine(Fixture, "docker"), "*.hbs").Select(f => Path.GetFileName(f)!).Order(StringComparer.Ordinal);

    [SetUp]
    public void ReadRecipe()
    {
        folder = new RecipeFolder();
        folder.Share("packages", File.ReadAllText(Path.Combine(Fixture, "packages.yml")));
        folder.Write(RecipeFolder.Valid + File.ReadAllText(Path.Combine(Fixture, "recipe.yml")));
        var book = RecipeBook.Open(folder.Root);
        (recipe, facts) = (book.Read("sample"), book.Packaging);
    }

    [TearDown]
    public void Delete() => folder.Dispose();

    [TestCaseSource(nameof(Templates))]
    public void Template_becomes(string template)
    {
        var golden = Path.Combine(Fixture, "golden", template[..^".hbs".Length]);
        var text = Fill(template);
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1")
            File.WriteAllText(golden, text);

        Assert.That(text, Is.EqualTo(File.ReadAllText(golden)));
    }

    [Test]
    public void Package_is_called_as_the_format_wants()
    {
        var names = new PackageFileName(facts.Format(Format), "sample-debian");

        Assert.Multiple(() =>
        {
            Assert.That(names.Of("b8770", 2, 0), Is.EqualTo("sample-debian_0.b8770-2_amd64.deb"));
            Assert.That(names.IsMatch("sample-debian_1.2~rc1-1_amd64.deb"));
            Assert.That(names.IsMatch("sample-debian-dbg_1.2-1_amd64.deb"), Is.False);
        });
    }

    [Test]
    public void Words_of_another_format_are_refused_with_those_of_this_one()
    {
        folder.Write(RecipeFolder.Valid + File.ReadAllText(Path.Combine(Fixture, "recipe.yml")).Replace("depends:", "optdepends:"));

        Assert.That(
            () => RecipeBook.Open(folder.Root).Read("sample"),
            Throws
                .TypeOf<RecipeException>()
                .With.Message.Contains("unknown relation of debian 'optdepends'; known: conflicts, depends, provides, recommends")
        );
    }

    private string Fill(string template)
    {
        var model = new PackageModel(
            recipe,
            SamplePackage.Runtime with
            {
                Name = "sample-debian",
                File = "sample-debian-1.2.3.tar",
            },
            facts,
            Format
        );
        return PackageTemplate.Fill(
            File.ReadAllText(Path.Combine(Fixture, "docker", template)),
            model.ForFormat(SamplePackage.Files),
            facts.Format(Format).Escape,
            template
        );
    }
}
