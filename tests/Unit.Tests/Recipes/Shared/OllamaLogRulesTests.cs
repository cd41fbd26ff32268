using Gfxbake.Recipes.Reading;
using Gfxbake.Recipes.Yaml;
using Gfxbake.Unit.Tests.Recipes.Reading;

namespace Gfxbake.Unit.Tests.Recipes.Shared;

/// <summary>The files ollama-log.yml and package-managers.yml: what is refused when they are read.</summary>
public sealed class OllamaLogRulesTests
{
    private static readonly string Shared = Path.Combine(RepositoryRoot.Path, "recipes", "_shared");

    private RecipeFolder folder = null!;

    [SetUp]
    public void SetUp() => folder = new RecipeFolder();

    [TearDown]
    public void TearDown() => folder.Dispose();

    [TestCase("level: error\n    meaning: Ollama leaves", "level: ok\n    meaning: Ollama leaves", "it can be note, warning or error")]
    [TestCase("    remedy: set OLLAMA_IGPU_ENABLE=1 for the server.\n", "", "a warning or error needs 'remedy'")]
    [TestCase("    source: runner\n", "    source: nowhere\n", "unknown source 'nowhere'; known: amd, amd-linux, docs")]
    [TestCase("[loadPlaceholderLibrary]", "[load]", "it needs a text of eight characters or more")]
    [TestCase("[loadPlaceholderLibrary]", "[Failed to load COMGR library.]", "two entries have the text 'Failed to load COMGR library.'")]
    [TestCase("([0-9]{1,6})/([0-9]{1,6}) layers", "([0-9]{1,6}) layers", "must have 2 groups or more")]
    [TestCase("  start: '^server", "  start: '(?=server", "is no regular expression, or one that needs to go back")]
    [TestCase("read: 2026-11-28}", "read: yesterday}", "'yesterday' is no date")]
    public void Log_file_is_refused(string from, string to, string said)
    {
        Write("ollama-log.yml", from, to);

        Assert.That(() => RecipeBook.Open(folder.Root).OllamaLog, Throws.TypeOf<RecipeException>().With.Message.Contains(said));
    }

    [TestCase("database: [var/lib/dpkg/status]", "database: [/var/lib/dpkg/status]", "is no path below a root")]
    [TestCase("match: '^ [ |]([^ ]+)$'", "match: '^x$'", "must have 1 groups or more")]
    [TestCase(
        "rdepends, --installed, --no-recommends, --no-suggests, --no-enhances, '{package}'",
        "rdepends",
        "it needs the word '{package}'"
    )]
    [TestCase("removed: '^Remv ([^ ]+) '", "removed: '^Remv (?!x) '", "is no regular expression")]
    public void Manager_file_is_refused(string from, string to, string said)
    {
        Write("package-managers.yml", from, to);

        Assert.That(() => RecipeBook.Open(folder.Root).PackageManagers, Throws.TypeOf<RecipeException>().With.Message.Contains(said));
    }

    private void Write(string name, string from, string to)
    {
        var text = File.ReadAllText(Path.Combine(Shared, name)).ReplaceLineEndings("\n");
        var at = text.IndexOf(from, StringComparison.Ordinal);
        Assert.That(at, Is.GreaterThanOrEqualTo(0));
        File.WriteAllText(Path.Combine(folder.Root, "_shared", name), text[..at] + to + text[(at + from.Length)..]);
    }
}
