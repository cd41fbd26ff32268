using Gfxbake.Recipes.Reading;
using Gfxbake.Recipes.Yaml;

namespace Gfxbake.Unit.Tests.Recipes.Reading;

public sealed class RecipeBookTests
{
    [Test]
    public void Recipe_reads_when_it_is_valid()
    {
        using var folder = new RecipeFolder();

        var recipe = RecipeBook.Open(folder.Root).Read("sample");

        Assert.Multiple(() =>
        {
            Assert.That(recipe.Variants["debian"].Base.Bootstrap!.SourceDateEpoch, Is.EqualTo(1));
            Assert.That(recipe.Keep[0].Why, Is.EqualTo("names"));
            Assert.That(recipe.Workloads[0].Timeout, Is.EqualTo(120), "the default of a key that is left out");
        });
    }

    [TestCase(
        "gpu: gfx1151",
        "gpu: gfx1210",
        "recipes/sample/recipe.yml:5: unknown gpu 'gfx1210'; known: gfx1100, gfx1151 (recipes/_shared/gpus.yml)"
    )]
    [TestCase(
        "license: MIT",
        "licence: MIT",
        "recipes/sample/recipe.yml:4: unknown key 'licence'; known: compile, default_variant, drop, gpu, image, include, keep, "
            + "layers, license"
    )]
    [TestCase("license: MIT\n", "", "recipes/sample/recipe.yml:1: key 'license' is missing (text)")]
    [TestCase(
        "  - name: run",
        "  - device: real\n    name: run",
        "recipes/sample/recipe.yml:24: unknown device 'real'; known: beside, still"
    )]
    [TestCase("user: someone", "user: root", "recipes/sample/recipe.yml:16: the image must not run as root; name another user")]
    [TestCase("path: /etc/passwd", "path: etc/passwd", "recipes/sample/recipe.yml:21: 'etc/passwd' must be an absolute path without '..'")]
    [TestCase(
        "path: /etc/passwd",
        "path: /etc/../passwd",
        "recipes/sample/recipe.yml:21: '/etc/../passwd' must be an absolute path without '..'"
    )]
    [TestCase(
        "dockerfile: docker/full.Dockerfile",
        "dockerfile: ../x",
        "recipes/sample/recipe.yml:13: '../x' leaves the repository; name a file below it"
    )]
    [TestCase("suite: sid, ", "", "key 'variants.debian.base.bootstrap.suite' is missing (text)")]
    [TestCase(
        "source_date_epoch: 1",
        "source_date_epoch: soon",
        "'variants.debian.base.bootstrap.source_date_epoch' must be a whole number, not 'soon'"
    )]
    [TestCase(
        "bootstrap: {suite: sid, source_date_epoch: 1}",
        "source_date_epoch: 1",
        "the base comes from nowhere: name an 'image', a 'bootstrap', or both"
    )]
    [TestCase("bootstrap: {suite: sid, source_date_epoch: 1}", "image: x", "'x' has no digest")]
    [TestCase("bootstrap: {suite: sid, source_date_epoch: 1}", "image: x", "key 'source_date_epoch' is missing: there is no 'bootstrap'")]
    [TestCase("      bootstrap:", "      source_date_epoch: 2\n      bootstrap:", "leave out 'source_date_epoch'")]
    [TestCase(
        "bootstrap: {suite: sid, source_date_epoch: 1}",
        "{trace: {strace: a}, bootstrap: {suite: sid, source_date_epoch: 1}}\n    devices: [some]",
        "key 'compiler' is missing: the variant has devices"
    )]
    [TestCase("      bootstrap:", "      trace: {strace: ' '}\n      bootstrap:", "it must be a command on one line")]
    [TestCase("      bootstrap:", "      trace: {strace: a, compiler: \"b\\nc\"}\n      bootstrap:", "it must be a command on one line")]
    [TestCase("name: sample", "name: other", "the recipe is called 'other' but its folder 'sample'; make them the same")]
    [TestCase("  - name: run", "  - name: run\n    expect: ['(']", "recipes/sample/recipe.yml:25: '(' is no regular expression")]
    [TestCase("default_variant: debian", "default_variant: native", "recipes/sample/recipe.yml:6: unknown variant 'native'; known: debian")]
    public void Recipe_names_file_line_and_what_is_known_when_it_is_wrong(string from, string to, string message)
    {
        using var folder = new RecipeFolder();
        folder.Change(from, to);

        Assert.That(() => RecipeBook.Open(folder.Root).Read("sample"), Throws.TypeOf<RecipeException>().With.Message.Contains(message));
    }

    [Test]
    public void Recipe_names_all_problems_at_once()
    {
        using var folder = new RecipeFolder();
        folder.Write(
            RecipeFolder
                .Valid.Replace("gpu: gfx1151", "gpu: gfx1")
                .Replace("code_target: gfx1100", "code_target: gfx2")
                .Replace("user: someone", "user: root")
        );

        Assert.That(
            () => RecipeBook.Open(folder.Root).Read("sample"),
            Throws.TypeOf<RecipeException>().With.Property(nameof(RecipeException.Problems)).Count.EqualTo(3)
        );
    }

    [Test]
    public void Recipe_that_does_not_exist_is_named_with_the_known_ones()
    {
        using var folder = new RecipeFolder();

        Assert.That(
            () => RecipeBook.Open(folder.Root).Read("nope"),
            Throws.TypeOf<RecipeException>().With.Message.Contains("unknown recipe 'nope'; known: sample")
        );
    }

    [Test]
    public void Recipe_whose_aliases_multiply_is_refused()
    {
        using var folder = new RecipeFolder();
        var lists = string.Concat(
            Enumerable.Range(1, 9).Select(i => $"&l{i} [{string.Join(", ", Enumerable.Repeat($"*l{i - 1}", 10))}], ")
        );
        folder.Change("command: [sample, --version]", $"command: [&l0 [a, b, c, d], {lists}x]");

        Assert.That(() => RecipeBook.Open(folder.Root).Read("sample"), Throws.TypeOf<RecipeException>());
    }

    [TestCase("[", "is nested too deeply")]
    [TestCase("a: [", "is nested too deeply")]
    [TestCase("? [", "a key must be a plain word")]
    [TestCase("? &a {b: *a}\n:", "a key must be a plain word")]
    public void Recipe_that_would_use_up_the_stack_is_refused(string start, string message)
    {
        using var folder = new RecipeFolder();
        folder.Write(start + new string('[', 200_000));

        Assert.That(() => RecipeBook.Open(folder.Root).Read("sample"), Throws.TypeOf<RecipeException>().With.Message.Contains(message));
    }

    [Test]
    public void Recipe_that_is_too_long_is_refused()
    {
        using var folder = new RecipeFolder();
        folder.Write(RecipeFolder.Valid + "\n#" + new string('x', 1 << 20));

        Assert.That(
            () => RecipeBook.Open(folder.Root).Read("sample"),
            Throws.TypeOf<RecipeException>().With.Message.Contains("recipes/sample/recipe.yml:1: is longer than")
        );
    }

    [Test]
    public void Recipe_name_cannot_leave_the_folder()
    {
        using var folder = new RecipeFolder();

        Assert.That(
            () => RecipeBook.Open(folder.Root).Read("../sample"),
            Throws.TypeOf<RecipeException>().With.Message.Contains("unknown recipe")
        );
    }

    [Test]
    public void Recipe_that_is_no_yaml_names_the_line()
    {
        using var folder = new RecipeFolder();
        folder.Write("name: sample\nsummary: [\n");

        Assert.That(
            () => RecipeBook.Open(folder.Root).Read("sample"),
            Throws.TypeOf<RecipeException>().With.Message.Contains("is no valid YAML")
        );
    }

    [Test]
    public void Recipe_mutated_at_random_gives_a_recipe_or_named_problems()
    {
        using var folder = new RecipeFolder();
        var book = RecipeBook.Open(folder.Root);
        Rounds.Run(
            random =>
            {
                var text = RecipeFolder.Valid.ToCharArray();
                for (var n = random.Next(1, 6); n > 0; n--)
                    text[random.Next(text.Length)] = (char)random.Next(1, 128);
                folder.Write(new string(text));
                try
                {
                    book.Read("sample");
                }
                catch (RecipeException exception)
                {
                    Assert.That(exception.Problems, Is.Not.Empty);
                }
            },
            cost: 4
        );
    }
}
