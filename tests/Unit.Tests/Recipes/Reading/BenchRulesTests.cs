using Gfxbake.Recipes.Reading;
using Gfxbake.Recipes.Yaml;

namespace Gfxbake.Unit.Tests.Recipes.Reading;

public sealed class BenchRulesTests
{
    private static readonly string Shared = Path.Combine(RepositoryRoot.Path, "recipes", "_shared");
    private static readonly string Facts = File.ReadAllText(Path.Combine(Shared, "bench.yml"));

    [TestCase("depths: [0, 4096]", "depths: [4096, 0]", "they must go up")]
    [TestCase("depths: [0, 4096]", "depths: []", "1 to 64 depths from 0 to 16777216 are possible")]
    [TestCase("depths: [0, 4096], samples: 3", "depths: [0, 4096], samples: 0", "0 must be 1 to 65536")]
    [TestCase("\"{depths}\"", "\"{depth}\"", "unknown word 'depth'; known: prompt, generate, depths, samples")]
    [TestCase("\"{depths}\"", "\"0\"", "{depths} is not among them")]
    [TestCase("host: [kernel", "host: [hostname", "'hostname' is no fact of doctor.yml")]
    [TestCase("proof: 'offloaded", "proof: '(offloaded", "is no regular expression")]
    [TestCase("mode: bench", "mod: bench", "unknown key 'mod'")]
    public void Wrong_facts_are_refused(string from, string to, string message)
    {
        Assert.That(Facts, Does.Contain(from));
        using var folder = new RecipeFolder();
        folder.Share("bench", Facts.Replace(from, to));
        folder.Share("doctor", File.ReadAllText(Path.Combine(Shared, "doctor.yml")));

        Assert.That(
            () => RecipeBook.Open(folder.Root).Bench,
            Throws.TypeOf<RecipeException>().With.Message.Contains("recipes/_shared/bench.yml:").And.Message.Contains(message)
        );
    }
}
