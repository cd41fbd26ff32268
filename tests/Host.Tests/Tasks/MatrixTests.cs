using System.Text.Json;
using Cake.Core;
using Gfxbake.Host.Tasks.Ci;
using Gfxbake.Host.Tests.Engine;
using Gfxbake.Host.Tests.Fakes;
using Gfxbake.Recipes.Reading;
using Gfxbake.Recipes.Yaml;

namespace Gfxbake.Host.Tests.Tasks;

/// <summary>The target Matrix, on a recipe with one variant and through the whole program on the repository's own.</summary>
[TestFixture]
[NonParallelizable]
internal sealed class MatrixTests
{
    private SampleBuild build = null!;

    [SetUp]
    public void SetUp()
    {
        build = new SampleBuild();
        Directory.CreateDirectory(build.PathOf("docker"));
        File.WriteAllText(build.PathOf("docker/full.Dockerfile"), "FROM scratch\n");
    }

    [TearDown]
    public void TearDown() => build.Dispose();

    [Test]
    public void Entry_is_printed_on_one_line()
    {
        var lines = Run();

        Assert.That(lines, Has.Length.EqualTo(1));
        Assert.That(lines[0], Does.StartWith("{\"include\":[{\"recipe\":\"sample\",\"variant\":\"debian\",").And.EndsWith("}]}"));
    }

    [Test]
    public void Github_gets_it_as_an_output_of_the_step_beside_those_that_are_there()
    {
        var file = build.PathOf("output");
        File.WriteAllText(file, "other=1\n");
        build.Fixture.Environment.Variables["GITHUB_OUTPUT"] = file;

        var line = Run().Single();

        Assert.That(File.ReadAllText(file), Is.EqualTo($"other=1\nmatrix={line}\n"));
    }

    [Test]
    public void Output_that_cannot_be_written_is_an_error_that_names_it()
    {
        build.Fixture.Environment.Variables["GITHUB_OUTPUT"] = build.PathOf("no/such/folder");

        Assert.That(
            () => Run(),
            Throws.TypeOf<CakeException>().With.Message.Contains("$GITHUB_OUTPUT names ").And.Message.Contains("no/such/folder")
        );
    }

    [Test]
    public void File_gets_the_same_line()
    {
        var line = Run(("output", "matrix.json")).Single();

        Assert.That(File.ReadAllText(build.PathOf("matrix.json")), Is.EqualTo(line + "\n"));
    }

    [TestCase("what", "none", "--what is 'none'; known: all, packages, compiled (Matrix)")]
    [TestCase("what", "compiled", "no variant is left for the matrix")]
    [TestCase("variant", "native", "no variant is left for the matrix")]
    public void Argument_that_leaves_nothing_is_an_error(string name, string value, string message) =>
        Assert.That(() => Run((name, value)), Throws.TypeOf<CakeException>().With.Message.Contains(message));

    [Test]
    public void Problems_of_all_recipes_are_named()
    {
        foreach (var name in new[] { "sample", "second" })
        {
            Directory.CreateDirectory(build.PathOf($"recipes/{name}"));
            File.WriteAllText(build.PathOf($"recipes/{name}/recipe.yml"), "wrong: 1\n");
        }

        Assert.That(
            () => Run(),
            Throws
                .TypeOf<RecipeException>()
                .With.Message.Contains("recipes/sample/recipe.yml:1: unknown key 'wrong'")
                .And.Message.Contains("recipes/second/recipe.yml:1: unknown key 'wrong'")
        );
    }

    [Test]
    public void Program_prints_every_variant_of_the_repository_and_nothing_else()
    {
        var outcome = Command.Run(
            "sh",
            "-c",
            "exec dotnet exec \"$0\" \"$@\" 2> /dev/null",
            typeof(BuildContext).Assembly.Location,
            $"--working={Checkout.RepositoryRoot}",
            "matrix"
        );
        Assert.That(outcome.Status, Is.Zero, outcome.Output);
        using var json = JsonDocument.Parse(outcome.Output);
        var entries = json
            .RootElement.GetProperty("include")
            .EnumerateArray()
            .Select(e => $"{e.GetProperty("recipe")} {e.GetProperty("variant")}");

        Assert.That(
            entries,
            Is.EquivalentTo(
                RecipeBook
                    .Open(Path.Combine(Checkout.RepositoryRoot, "recipes"))
                    .ReadAll()
                    .SelectMany(r => r.Variants.Where(v => v.Value.Ci.Build).Select(v => $"{r.Name} {v.Key}"))
            )
        );
    }

    private string[] Run(params (string Name, string Value)[] arguments)
    {
        var output = StandardOutput.Of(() =>
        {
            new Matrix().Run(build.Open(arguments));
        });

        return output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
