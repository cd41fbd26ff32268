using Gfxbake.Formats.Files;
using Gfxbake.Recipes.Model;
using Gfxbake.Recipes.Reading;
using Gfxbake.Recipes.Yaml;
using Gfxbake.Unit.Tests.Recipes.Reading;

namespace Gfxbake.Unit.Tests.Recipes.Yaml;

public sealed class RecipeIncludesTests
{
    // The valid recipe in two parts; the lines of each are counted in the messages below.
    internal const string Own = """
        name: sample
        summary: a sample
        include: [common]
        gpu: gfx1151
        variants:
          debian:
            code_target: gfx1100
        """;

    internal const string Common = """
        source: https://example.org/sample
        license: MIT
        default_variant: debian
        variants:
          debian:
            summary: packages
            base:
              bootstrap: {suite: sid, source_date_epoch: 1}
            dockerfile: docker/full.Dockerfile
            version_of: sample
        image:
          user: someone
          workdir: /home
        layers:
          - name: system
        keep:
          - path: /etc/passwd
            why: names
        workloads:
          - name: run
            command: [sample, --version]
        """;

    private RecipeFolder folder = null!;

    [SetUp]
    public void SetUp()
    {
        folder = new RecipeFolder();
        folder.Write(Own);
        folder.Share("common", Common);
    }

    [TearDown]
    public void TearDown() => folder.Dispose();

    [TestCase("variants.debian.version_of", "recipes/_shared/common.yml")]
    [TestCase("variants.debian.code_target", "recipes/sample/recipe.yml")]
    [TestCase("variants.debian.budget", "recipes/sample/recipe.yml")]
    public void File_of_a_value_is_the_one_that_gives_it(string key, string file) =>
        Assert.That(RecipeBook.Open(folder.Root).FileOf("sample", key), Is.EqualTo(file));

    [Test]
    public void Recipe_in_two_parts_equals_the_whole_one()
    {
        var parts = Read();
        folder.Write(RecipeFolder.Valid);
        var whole = Read();

        Assert.That(Fingerprint.Of(parts with { Include = [] }), Is.EqualTo(Fingerprint.Of(whole)));
    }

    [Test]
    public void Blocks_are_merged_and_the_recipes_own_values_win()
    {
        folder.Share("common", Common + "\nsummary: of the common part\n");
        folder.Write(Own + "\nimage: {user: other}\nlayers: [{name: own}]\n");

        var recipe = Read();

        Assert.Multiple(() =>
        {
            Assert.That(recipe.Summary, Is.EqualTo("a sample"));
            Assert.That(recipe.Image.User, Is.EqualTo("other"));
            Assert.That(recipe.Image.Workdir, Is.EqualTo("/home"));
            Assert.That(recipe.Variants["debian"].CodeTarget, Is.EqualTo("gfx1100"));
            Assert.That(recipe.Variants["debian"].VersionOf, Is.EqualTo("sample"));
            Assert.That(recipe.Layers.Select(l => l.Name), Is.EqualTo(new[] { "own" }), "lists are replaced, not joined");
        });
    }

    [TestCase("\"license\": own")]
    [TestCase("'license': own")]
    public void Key_is_the_same_however_it_is_quoted(string line)
    {
        folder.Write(Own + "\n" + line + "\n");

        Assert.That(Read().License, Is.EqualTo("own"));
    }

    [TestCase("[common, other]", "other")]
    [TestCase("[other, common]", "MIT")]
    public void Later_file_wins_over_an_earlier_one(string include, string license)
    {
        folder.Share("other", "license: other\n");
        folder.Write(Own.Replace("[common]", include));

        Assert.That(Read().License, Is.EqualTo(license));
    }

    [Test]
    public void Included_file_may_include_others()
    {
        folder.Share("common", Common.Replace("license: MIT", "include: [facts]"));
        folder.Share("facts", "license: facts\nsource: of the facts\n");

        Assert.Multiple(() =>
        {
            Assert.That(Read().License, Is.EqualTo("facts"));
            Assert.That(Read().Source, Is.EqualTo("https://example.org/sample"), "the including file wins");
            Assert.That(Read().Include, Is.EqualTo(new[] { "common" }));
        });
    }

    [Test]
    public void Two_ways_to_one_file_are_no_circle()
    {
        folder.Share("common", Common.Replace("license: MIT", "include: [left, right]"));
        folder.Share("left", "include: [facts]\n");
        folder.Share("right", "include: [facts]\n");
        folder.Share("facts", "license: facts\n");

        Assert.That(Read().License, Is.EqualTo("facts"));
    }

    [Test]
    public void Anchors_of_one_file_serve_in_it()
    {
        folder.Share("common", Common + "\n    environment:\n      A: &a b\n      B: *a\n");

        Assert.That(Read().Workloads[0].Environment["B"], Is.EqualTo("b"));
    }

    [TestCase("license: MIT", "licence: MIT", "recipes/_shared/common.yml:2: unknown key 'licence'; known: compile, default_variant, ")]
    [TestCase("  user: someone\n", "  user: root\n", "recipes/_shared/common.yml:12: the image must not run as root")]
    [TestCase("path: /etc/passwd", "path: etc/passwd", "recipes/_shared/common.yml:17: 'etc/passwd' must be an absolute path")]
    [TestCase(
        "  - name: run",
        "  - device: real\n    name: run",
        "recipes/_shared/common.yml:20: unknown device 'real'; known: beside, still"
    )]
    [TestCase(
        "source_date_epoch: 1",
        "source_date_epoch: x",
        "recipes/_shared/common.yml:8: 'variants.debian.base.bootstrap.source_date_epoch' must be a whole number"
    )]
    [TestCase("license: MIT\n", "", "recipes/sample/recipe.yml:1: key 'license' is missing (text)")]
    [TestCase(
        "    version_of: sample\n",
        "    version_of: sample\n    budget: {}\n",
        "recipes/_shared/common.yml:11: the budget has no figure"
    )]
    [TestCase("    summary: packages\n", "", "recipes/sample/recipe.yml:7: key 'variants.debian.summary' is missing (text)")]
    [TestCase("license: MIT\n", "license: MIT\nlicense: MIT\n", "recipes/_shared/common.yml:3: is no valid YAML")]
    public void Problem_in_an_included_file_names_that_file_and_line(string from, string to, string message)
    {
        folder.Share("common", Common.Replace(from, to));

        Assert.That(Read, Throws.TypeOf<RecipeException>().With.Message.Contains(message));
    }

    [Test]
    public void Problem_in_the_recipe_itself_keeps_its_line()
    {
        folder.Write(Own.Replace("gpu: gfx1151", "gpu: gfx1"));

        Assert.That(Read, Throws.TypeOf<RecipeException>().With.Message.StartsWith("recipes/sample/recipe.yml:4: unknown gpu 'gfx1'"));
    }

    [Test]
    public void Problems_of_all_files_are_named_at_once()
    {
        folder.Write(Own + "\nown: 1\n");
        folder.Share("common", Common + "\ncommon: 2\n");

        Assert.That(Read, Throws.TypeOf<RecipeException>().With.Property(nameof(RecipeException.Problems)).Count.EqualTo(2));
    }

    [TestCase(
        "[nope]",
        "recipes/sample/recipe.yml:3: unknown include 'nope'; known: common, devices, gpus, hosts, rocm, "
            + "standins, test-models (recipes/_shared/*.yml)"
    )]
    [TestCase("[../_shared/common]", "unknown include '../_shared/common'")]
    [TestCase("[/etc/passwd]", "unknown include '/etc/passwd'")]
    [TestCase("[common.yml]", "unknown include 'common.yml'")]
    [TestCase("['']", "unknown include ''")]
    [TestCase("[[common]]", "unknown include ''")]
    [TestCase("common", "recipes/sample/recipe.yml:3: 'include' must be a list")]
    [TestCase("[gpus]", "recipes/_shared/gpus.yml:1: unknown key 'gpus'")]
    public void Include_names_a_file_of_the_shared_folder_only(string include, string message)
    {
        folder.Write(Own.Replace("[common]", include));

        Assert.That(Read, Throws.TypeOf<RecipeException>().With.Message.Contains(message));
    }

    [Test]
    public void Included_workload_may_be_for_a_variant_that_this_recipe_lacks()
    {
        folder.Share("common", Common + "\n  - {name: other, command: [sample], variants: [native]}\n");

        Assert.That(Read().WorkloadsOf("debian").Select(w => w.Name), Is.EqualTo(new[] { "run" }));
    }

    [Test]
    public void Include_follows_no_link()
    {
        File.CreateSymbolicLink(Path.Combine(folder.Root, "_shared", "link.yml"), "common.yml");
        folder.Write(Own.Replace("[common]", "[link]"));

        Assert.That(Read, Throws.TypeOf<RecipeException>().With.Message.Contains("unknown include 'link'"));
    }

    [Test]
    public void Circle_is_named_with_its_route()
    {
        folder.Share("common", "include: [back]\n" + Common);
        folder.Share("back", "\ninclude: [common]\n");

        Assert.That(
            Read,
            Throws
                .TypeOf<RecipeException>()
                .With.Message.Contains("recipes/_shared/back.yml:2: 'common' includes itself: common -> back -> common")
        );
    }

    [Test]
    public void Included_list_of_files_must_be_a_list()
    {
        folder.Share("common", "include: facts\n" + Common);

        Assert.That(Read, Throws.TypeOf<RecipeException>().With.Message.Contains("recipes/_shared/common.yml:1: 'include' must be a list"));
    }

    [Test]
    public void Included_file_must_be_a_block_of_keys()
    {
        folder.Share("common", "- a\n");

        Assert.That(Read, Throws.TypeOf<RecipeException>().With.Message.Contains("recipes/_shared/common.yml:1: must be a block of keys"));
    }

    private Recipe Read() => RecipeBook.Open(folder.Root).Read("sample");
}
