using System.Text.Json;
using Gfxbake.Pipeline.Outputs.Matrix;
using Gfxbake.Recipes.Model;
using Gfxbake.Recipes.Reading;
using Gfxbake.Unit.Tests.Recipes.Reading;

namespace Gfxbake.Unit.Tests.Pipeline.Outputs.Matrix;

public sealed class CiMatrixTests
{
    private static readonly SourceCode Source = new()
    {
        Name = "x",
        Repository = "https://example.org/x",
        Tag = "v1",
        Commit = new string('a', 40),
    };

    private Recipe recipe = null!;

    private Variant Debian => recipe.Variants["debian"];

    [OneTimeSetUp]
    public void Read()
    {
        using var folder = new RecipeFolder();
        recipe = RecipeBook.Open(folder.Root).Read("sample");
    }

    [Test]
    public void Every_variant_of_every_recipe_is_an_entry_sorted_by_name() =>
        Assert.That(
            Of([With(("b", Debian), ("a", Debian with { Source = Source })), With(("c", Debian)) with { Name = "first" }])
                .Select(e => $"{e.Recipe} {e.Variant} {e.Compiles}"),
            Is.EqualTo(new[] { "first c False", "sample a True", "sample b False" })
        );

    [Test]
    public void Variant_that_is_left_out_of_ci_is_no_entry() =>
        Assert.That(
            Of([
                    With(
                        ("a", Debian with { Ci = new CiRule { Build = false } }),
                        ("b", Debian with { Ci = new CiRule { Runner = "big-one" } })
                    ),
                ])
                .Select(e => $"{e.Variant} {e.Runner}"),
            Is.EqualTo(new[] { "b big-one" })
        );

    [TestCase(MatrixScope.All, "packages source")]
    [TestCase(MatrixScope.Packages, "packages")]
    [TestCase(MatrixScope.Compiled, "source")]
    public void Scope_chooses_by_whether_something_is_compiled(MatrixScope scope, string variants) =>
        Assert.That(
            string.Join(' ', Of([With(("packages", Debian), ("source", Debian with { Source = Source }))], scope).Select(e => e.Variant)),
            Is.EqualTo(variants)
        );

    [Test]
    public void Text_is_one_line_that_github_takes_for_a_matrix()
    {
        var text = CiMatrix.Text(Of([recipe]));
        using var json = JsonDocument.Parse(text);
        var entry = json.RootElement.GetProperty("include")[0];

        Assert.Multiple(() =>
        {
            Assert.That(text, Does.Not.Contain("\n"));
            Assert.That(
                entry.EnumerateObject().Select(p => p.Name),
                Is.EqualTo(new[] { "recipe", "variant", "gpu", "code_target", "compiles", "runner", "base", "cache" })
            );
            Assert.That(entry.GetProperty("recipe").GetString(), Is.EqualTo("sample"));
            Assert.That(entry.GetProperty("gpu").GetString(), Is.EqualTo("gfx1151"));
            Assert.That(entry.GetProperty("code_target").GetString(), Is.EqualTo("gfx1100"));
            Assert.That(entry.GetProperty("compiles").GetBoolean(), Is.False);
            Assert.That(entry.GetProperty("runner").GetString(), Is.EqualTo("ubuntu-24.04"));
            Assert.That(entry.GetProperty("cache").GetString(), Does.Match("^sample-debian-[0-9a-f]{16}$"));
        });
    }

    [Test]
    public void Cache_key_follows_what_the_image_is_made_of_and_nothing_else()
    {
        var key = Key(Debian);

        Assert.Multiple(() =>
        {
            Assert.That(
                Key(
                    Debian with
                    {
                        Summary = "other",
                        Budget = new SizeBudget(),
                        Ci = new CiRule { Runner = "x" },
                    }
                ),
                Is.EqualTo(key)
            );
            Assert.That(Key(Debian with { Args = new Dictionary<string, string> { ["A"] = "1" } }), Is.Not.EqualTo(key));
            Assert.That(Key(Debian with { Source = Source }), Is.Not.EqualTo(key));
            Assert.That(
                Key(Debian with { Source = Source with { Commit = new string('b', 40) } }),
                Is.Not.EqualTo(Key(Debian with { Source = Source }))
            );
            Assert.That(Of([With(("debian", Debian))], dockerfile: "other").Single().Cache, Is.Not.EqualTo(key));
        });
    }

    [Test]
    public void Nothing_to_build_is_an_error() =>
        Assert.That(
            () => Of([With(("a", Debian with { Ci = new CiRule { Build = false } }))]),
            Throws.TypeOf<MatrixException>().With.Message.Contains("no variant is left")
        );

    [Test]
    public void As_many_as_github_takes_are_taken() => Assert.That(Of([Many(256)]), Has.Count.EqualTo(256));

    [Test]
    public void More_than_github_takes_is_an_error() =>
        Assert.That(() => Of([Many(257)]), Throws.TypeOf<MatrixException>().With.Message.Contains("257 entries, and GitHub takes 256"));

    private string Key(Variant variant) => Of([With(("debian", variant))]).Single().Cache;

    private static IReadOnlyList<MatrixEntry> Of(
        IEnumerable<Recipe> recipes,
        MatrixScope scope = MatrixScope.All,
        string dockerfile = "d"
    ) => CiMatrix.Of(recipes, scope, _ => dockerfile);

    private Recipe Many(int count) => With([.. Enumerable.Range(0, count).Select(i => ($"v{i}", Debian))]);

    private Recipe With(params (string Name, Variant Variant)[] variants) =>
        recipe with
        {
            Variants = variants.ToDictionary(v => v.Name, v => v.Variant),
        };
}
