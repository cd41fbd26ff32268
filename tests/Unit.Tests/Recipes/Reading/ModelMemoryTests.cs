using Gfxbake.Recipes.Reading;
using Gfxbake.Recipes.Yaml;

namespace Gfxbake.Unit.Tests.Recipes.Reading;

public sealed class ModelMemoryTests
{
    private static readonly string Facts = File.ReadAllText(Path.Combine(RepositoryRoot.Path, "recipes", "_shared", "model-memory.yml"));

    [TestCase("embedding: 5, vocabulary", "embeding: 5, vocabulary", "unknown size 'embeding'; known: embedding, vocabulary, queries")]
    [TestCase("multiple: 256", "multiple: 0", "0 must be 1 at least")]
    [TestCase("types: [f32", "types: [f33", "'f33' is no type of ggml")]
    [TestCase("gemma3: {window: {period: 6}}", "gemma3: {window: {period: 0}}", "0 must be 1 at least")]
    [TestCase("gemma: {}", "gemma: {state: rest}", "it is the attention that can be the rest")]
    [TestCase("gemma: {}", "gemma: {attention: none}", "it can be all or rest")]
    [TestCase("gemma: {}", "gemma: {state: not_every_nth}", "not_every_nth and interval belong together")]
    [TestCase("gemma: {}", "gemma: {cached_layers: 0}", "0 must be 1 at least")]
    [TestCase("gemma: {}", "gemma: {windows: {period: 6}}", "unknown key 'architectures.gemma.windows'")]
    public void Wrong_facts_are_refused(string from, string to, string message)
    {
        Assert.That(Facts, Does.Contain(from));
        using var folder = new RecipeFolder();
        folder.Share("model-memory", Facts.Replace(from, to));
        var book = RecipeBook.Open(folder.Root);

        Assert.That(
            () => book.ModelMemory,
            Throws.TypeOf<RecipeException>().With.Message.Contains("recipes/_shared/model-memory.yml:").And.Message.Contains(message)
        );
    }

    [Test]
    public void Missing_file_is_told_when_it_is_asked_for()
    {
        using var folder = new RecipeFolder();

        Assert.That(
            () => RecipeBook.Open(folder.Root).ModelMemory,
            Throws.TypeOf<RecipeException>().With.Message.Contains("recipes/_shared/model-memory.yml is missing; restore it from git")
        );
    }
}
