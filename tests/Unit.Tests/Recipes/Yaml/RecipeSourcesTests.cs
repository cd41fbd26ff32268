using Gfxbake.Recipes.Model;
using Gfxbake.Recipes.Reading;
using Gfxbake.Recipes.Yaml;
using Gfxbake.Unit.Tests.Recipes.Reading;

namespace Gfxbake.Unit.Tests.Recipes.Yaml;

/// <summary>Sources that a recipe lists once.</summary>
public sealed class RecipeSourcesTests
{
    private const string Commit = "0123456789012345678901234567890123456789";

    private const string Shared = $$"""
        sources:
          tool:
            repository: https://example.org/tool
            tag: v1
            commit: {{Commit}}
            cmake: {A: "1", B: "2"}
            upstream: [{pin: source, match: 'v(?<version>.*)'}]
        """;

    private RecipeFolder folder = null!;

    [SetUp]
    public void SetUp()
    {
        folder = new RecipeFolder();
        folder.Share("tool", Shared);
    }

    [TearDown]
    public void TearDown() => folder.Dispose();

    [Test]
    public void Source_is_named_and_called_by_its_key()
    {
        var source = Read("tool");

        Assert.Multiple(() =>
        {
            Assert.That(source, Is.EqualTo((SourceCode?)source! with { Name = "tool", Tag = "v1", Commit = Commit, Generator = "Ninja" }));
            Assert.That(source.Cmake, Is.EqualTo(new Dictionary<string, string> { ["A"] = "1", ["B"] = "2" }));
        });
    }

    [Test]
    public void Variant_adds_keys_and_its_own_win()
    {
        var source = Read("{from: tool, tag: v2, patches: [_shared/x.patch], cmake: {B: '3', C: '4'}}")!;

        Assert.Multiple(() =>
        {
            Assert.That((source.Name, source.Tag, source.Commit), Is.EqualTo(("tool", "v2", Commit)));
            Assert.That(source.Patches, Is.EqualTo(new[] { "_shared/x.patch" }));
            Assert.That(
                source.Cmake,
                Is.EqualTo(
                    new Dictionary<string, string>
                    {
                        ["A"] = "1",
                        ["B"] = "3",
                        ["C"] = "4",
                    }
                )
            );
        });
    }

    [TestCase("other", "recipes/sample/recipe.yml:16: unknown source 'other'; known: tool (the recipe's 'sources')")]
    [TestCase("{from: [tool]}", "recipes/sample/recipe.yml:16: unknown source '")]
    [TestCase("{from: tool, commit: 12}", "recipes/sample/recipe.yml:16: '12' is no commit")]
    [TestCase("[tool]", "'variants.debian.source' must be a block of keys")]
    public void Wrong_name_is_refused_with_its_line(string source, string message) =>
        Assert.That(() => Read(source), Throws.TypeOf<RecipeException>().With.Message.Contains(message));

    [TestCase("tag: v1", "tag: --all", "recipes/_shared/tool.yml:4: '--all' is no tag")]
    [TestCase("tag: v1", "from: tool\n    tag: v1", "a source of the list says everything itself")]
    [TestCase("tag: v1\n", "\n", "recipes/_shared/tool.yml:3: key 'sources.tool.tag' is missing")]
    [TestCase("pin: source", "pin: args.X, index: 'https://example.org/'", "'args.X' is not pinned here; known: source")]
    [TestCase("(?<version>.*)", "(.*)", "must be a regular expression with a group")]
    public void Wrong_list_is_refused_with_its_line(string from, string to, string message)
    {
        folder.Share("tool", Shared.Replace(from, to));

        Assert.That(() => Read("tool"), Throws.TypeOf<RecipeException>().With.Message.Contains(message));
    }

    [Test]
    public void Recipe_without_a_list_has_no_name_to_give()
    {
        folder.Share("tool", "summary: x\n");

        Assert.That(() => Read("tool"), Throws.TypeOf<RecipeException>().With.Message.Contains("unknown source 'tool'; known: none"));
    }

    [Test]
    public void Watch_stands_where_the_tag_does() =>
        Assert.That(
            () => Read("tool\n    upstream: [{pin: source, match: 'v(?<version>.*)'}]"),
            Throws.TypeOf<RecipeException>().With.Message.Contains("the tag is pinned in sources.tool; put its 'upstream' there")
        );

    private SourceCode? Read(string source)
    {
        folder.Write(
            RecipeFolder
                .Valid.Replace("name: sample\n", "name: sample\ninclude: [tool]\n")
                .Replace("    version_of: sample\n", $"    version_of: sample\n    source: {source}\n")
        );
        return RecipeBook.Open(folder.Root).Read("sample").Variants["debian"].Source;
    }
}
