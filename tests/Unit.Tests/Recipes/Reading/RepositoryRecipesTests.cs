using Gfxbake.Pipeline.Full;
using Gfxbake.Recipes.Model;
using Gfxbake.Recipes.Reading;
using Gfxbake.Recipes.Shared;

namespace Gfxbake.Unit.Tests.Recipes.Reading;

public sealed class RepositoryRecipesTests
{
    private static string Root => RepositoryRoot.Path;

    private static IEnumerable<string> Names => RecipeBook.Open(Path.Combine(Root, "recipes")).Names;

    [TestCaseSource(nameof(Names))]
    public void Recipe_of_the_repository_is_valid(string name) =>
        Assert.That(() => RecipeBook.Open(Path.Combine(Root, "recipes")).Read(name), Throws.Nothing);

    [TestCaseSource(nameof(Names))]
    public void Dockerfile_of_every_variant_is_there_and_takes_the_recipes_metadata(string name) =>
        Assert.That(
            Variants(name).Select(v => File.ReadLines(Path.Combine(Root, v.Dockerfile)).Contains(Dockerfiles.Marker)),
            Is.Not.Empty.And.All.True
        );

    // The tests that build them need an engine; a slip in one shows here.
    [TestCase("hard-cases")]
    [TestCase("hip-sample")]
    [TestCase("package-sample")]
    [TestCase("refresh-sample")]
    public void Sample_of_the_tests_is_valid(string name)
    {
        var root = Directory.CreateTempSubdirectory("gfxbake-test-").FullName;
        try
        {
            var folder = Directory.CreateDirectory(Path.Combine(root, name)).FullName;
            Directory.CreateSymbolicLink(Path.Combine(root, "_shared"), Path.Combine(Root, "recipes", "_shared"));
            foreach (var file in Directory.EnumerateFiles(Path.Combine(Root, "tests", "fixtures", name)))
                File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));

            Assert.That(() => RecipeBook.Open(root).Read(name), Throws.Nothing);
        }
        finally
        {
            Directory.Delete(root, recursive: true);
        }
    }

    // A figure that nobody measured would fail the first build, or never.
    [TestCaseSource(nameof(Names))]
    public void Budget_stands_only_where_a_build_was_recorded(string name) =>
        Assert.That(
            RecipeBook
                .Open(Path.Combine(Root, "recipes"))
                .Read(name)
                .Variants.Where(v => v.Value.Budget is not null)
                .Select(v => $"sizes-{v.Key}.txt"),
            Has.All.Matches<string>(f => File.Exists(Path.Combine(Root, "recipes", name, f!)))
        );

    // An included workload may name a variant that a recipe lacks; one that all recipes lack is a slip.
    [Test]
    public void Variant_that_a_workload_is_for_is_there_in_some_recipe()
    {
        var recipes = RecipeBook.Open(Path.Combine(Root, "recipes")).ReadAll();
        var named = recipes
            .SelectMany(r => r.Workloads)
            .SelectMany(w => w.Variants.Concat(w.Serve?.Requests.SelectMany(q => q.Variants) ?? []));

        Assert.That(named.Distinct(), Is.Not.Empty.And.SubsetOf(recipes.SelectMany(r => r.Variants.Keys).Distinct()));
    }

    // The pins of one program stand in one list; a variant that has its own would be left behind.
    [Test]
    public void Program_is_compiled_from_the_same_commit_everywhere()
    {
        var sources = RecipeBook
            .Open(Path.Combine(Root, "recipes"))
            .ReadAll()
            .SelectMany(r => r.Variants)
            // A variant that bears a tag's name is for who wants that version.
            .Where(v => v.Key != v.Value.Source?.Tag)
            .Select(v => v.Value.Source)
            .OfType<SourceCode>();

        Assert.That(
            sources.GroupBy(s => s.Name).Select(g => g.Select(s => (s.Repository, s.Tag, s.Commit)).Distinct().ToList()),
            Is.Not.Empty.And.All.Count.EqualTo(1)
        );
    }

    // A stage stops when an argument is empty, but only when it is built.
    [TestCaseSource(nameof(Names))]
    public void Variant_gives_its_dockerfile_every_argument(string name)
    {
        string[] given = ["BASE", "CODE_TARGET", "PACKAGE_NAME", "PACKAGE_VERSION", "LICENCE", "JOBS"];
        Assert.Multiple(() =>
        {
            foreach (var variant in Variants(name))
            {
                var wanted = File.ReadLines(Path.Combine(Root, variant.Dockerfile))
                    .Where(l => l.StartsWith("ARG ", StringComparison.Ordinal))
                    .Select(l => l[4..])
                    .Distinct();
                Assert.That(wanted.Except(given), Is.EquivalentTo(variant.Args.Keys), variant.Summary);
            }
        });
    }

    // AMD's table of gfx1151: numbers above a version that works are no better for it.
    [TestCase("6.4.3", KernelVerdict.Broken)]
    [TestCase("7.1.1", KernelVerdict.Broken)]
    [TestCase("7.2.4", KernelVerdict.Works)]
    [TestCase("7.9.0", KernelVerdict.Broken)]
    [TestCase("7.10.0", KernelVerdict.Broken)]
    [TestCase("7.14.1", KernelVerdict.Works)]
    public void Rocr_of_gfx1151_is_judged_as_amds_table_does(string version, KernelVerdict verdict) =>
        Assert.That(RecipeBook.Open(Path.Combine(Root, "recipes")).Hosts.RuleOf("gfx1151")?.Of(version)?.WithFix, Is.EqualTo(verdict));

    private static IEnumerable<Variant> Variants(string name) => RecipeBook.Open(Path.Combine(Root, "recipes")).Read(name).Variants.Values;
}
