using System.Security.Cryptography;
using System.Text.RegularExpressions;
using Gfxbake.Formats.Files;
using Gfxbake.Host.Tests.Engine;
using Gfxbake.Pipeline.Verify;
using Gfxbake.Recipes.Reading;

namespace Gfxbake.Host.Tests.Tasks;

/// <summary>A recipe for another program and another GPU, made by copying a folder: no C# is written or compiled for it.</summary>
[TestFixture]
internal sealed partial class RecipeByCopyingTests
{
    private const string Original = "whisper-cpp-gfx1151";

    // The names by which people find images are shared by all checkouts of a machine.
    private static readonly string Recipe = "whisper-copy-" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(4));

    private string root = null!;

    [SetUp]
    public void Copy()
    {
        root = Directory.CreateTempSubdirectory("gfxbake-test-").FullName;
        File.Copy(Path.Combine(Checkout.RepositoryRoot, "cake.config"), Path.Combine(root, "cake.config"));
        CopyFolder("docker", "docker");
        CopyFolder("recipes/_shared", "recipes/_shared");
        CopyFolder("recipes/llama-cpp-gfx1151", "recipes/llama-cpp-gfx1151");
        foreach (var folder in new[] { "packages", "tests" })
            CopyFolder("recipes/_shared/" + folder, "recipes/_shared/" + folder);
        CopyFolder("recipes/" + Original, "recipes/" + Recipe);
        var recipe = Path.Combine(root, "recipes", Recipe, "recipe.yml");
        File.WriteAllText(recipe, ForAnotherGpu(File.ReadAllText(recipe)));
    }

    /// <summary>What somebody edits in a copy: the name, a GPU whose own code Debian's ROCm has, and fewer workloads, to get on.</summary>
    private static string ForAnotherGpu(string recipe)
    {
        var from = recipe.IndexOf("  - name: cli-null-no-flash", StringComparison.Ordinal);
        var edited = recipe
            .Remove(from, recipe.IndexOf("packages:\n", StringComparison.Ordinal) - from)
            .Replace("name: " + Original, "name: " + Recipe)
            .Replace("\ngpu: gfx1151\n", "\ngpu: gfx1100\n");
        return Override().Replace(edited, "");
    }

    [GeneratedRegex(@"^    environment:\n( +#.*\n)* +HSA_OVERRIDE_GFX_VERSION:.*\n", RegexOptions.Multiline)]
    private static partial Regex Override();

    [TearDown]
    public void Delete() => Directory.Delete(root, recursive: true);

    [Test]
    public void Copied_recipe_is_valid_beside_the_first() =>
        Assert.That(
            RecipeBook.Open(Path.Combine(root, "recipes")).ReadAll().Select(r => $"{r.Name} {r.Gpu}"),
            Is.EqualTo(new[] { "llama-cpp-gfx1151 gfx1151", Recipe + " gfx1100" })
        );

    [Test]
    public void Program_knows_the_copied_recipe()
    {
        var outcome = Run("--target=Matrix", "--recipe=nope");

        Assert.That(outcome.Output, Does.Contain($"unknown recipe 'nope'; known: llama-cpp-gfx1151, {Recipe} (recipes/*/recipe.yml)"));
    }

    [Test]
    public void Dry_run_goes_through_every_step()
    {
        var outcome = Run("--target=MinimalImage", "--recipe=" + Recipe, "--dryrun");

        Assert.Multiple(() =>
        {
            Assert.That(outcome.Status, Is.Zero, outcome.Output);
            foreach (
                var step in new[]
                {
                    "BaseImage",
                    "FullImage",
                    "TraceImage",
                    "PlanPrune",
                    "MinimalCandidate",
                    "VerifyMinimal",
                    "MinimalImage",
                }
            )
            {
                Assert.That(outcome.Output, Does.Contain(step));
            }
        });
    }

    // Installs ROCm, 6 GB: --target=Test --exclusive --filter=Category=Nightly runs it.
    [Test]
    [Category(Needs.Engine)]
    [Category(Needs.Night)]
    public void Copied_recipe_builds_a_verified_image()
    {
        if (Directory.Exists(Path.Combine(Checkout.RepositoryRoot, "artifacts", "bases")))
            CopyFolder("artifacts/bases", "artifacts/bases");
        try
        {
            var outcome = Run("--target=MinimalImage", "--recipe=" + Recipe, "--engine=podman", "--provision");
            var verify = RecordFile.TryRead<VerifyRecord>(Path.Combine(root, "artifacts", Recipe, "debian", "verify.json"));

            Assert.That(outcome.Status, Is.Zero, outcome.Output);
            Assert.That(verify?.Passed, Is.True);
            // What the last one expects: kernels of the copy's own GPU were launched.
            Assert.That(
                verify.Workloads.Select(w => w.Name),
                Is.EqualTo(new[] { "files", "configuration", "paths", "cli-cpu", "cli-cpu-q8_0", "cli-null" })
            );
        }
        finally
        {
            Run("--target=Clean", "--what=images");
        }
    }

    [Test]
    public void Code_of_the_build_names_no_recipe()
    {
        var names = RecipeBook
            .Open(Path.Combine(Checkout.RepositoryRoot, "recipes"))
            .Names.Where(n => n.Contains('-', StringComparison.Ordinal))
            .ToList();
        var sources = Directory.EnumerateFiles(Path.Combine(Checkout.RepositoryRoot, "build"), "*.cs", SearchOption.AllDirectories);
        // An example in a message is no decision.
        var lines = sources.SelectMany(f =>
            File.ReadLines(f)
                .Where(l => names.Any(l.Contains) && !l.Contains("for instance", StringComparison.Ordinal))
                .Select(l => $"{f}: {l.Trim()}")
        );

        Assert.That(names, Is.Not.Empty);
        Assert.That(lines, Is.Empty);
    }

    private Outcome Run(params string[] arguments) =>
        Command.Run(["dotnet", "exec", typeof(BuildContext).Assembly.Location, $"--working={root}", .. arguments]);

    private void CopyFolder(string from, string to)
    {
        var target = Directory.CreateDirectory(Path.Combine(root, to)).FullName;
        foreach (var file in Directory.EnumerateFiles(Path.Combine(Checkout.RepositoryRoot, from)))
            File.Copy(file, Path.Combine(target, Path.GetFileName(file)), overwrite: true);
    }
}
