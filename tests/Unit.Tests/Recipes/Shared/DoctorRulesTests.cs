using Gfxbake.Recipes.Reading;
using Gfxbake.Recipes.Shared;
using Gfxbake.Recipes.Yaml;
using Gfxbake.Unit.Tests.Recipes.Reading;

namespace Gfxbake.Unit.Tests.Recipes.Shared;

/// <summary>The file doctor.yml: what is refused when it is read.</summary>
public sealed class DoctorRulesTests
{
    private const string Valid = """
        sources:
          docs: {where: docs/hosts.md, read: 2026-11-28}
        facts:
          memory: {read: [proc/meminfo], match: '^MemTotal: ([0-9]+)$', times: 1024}
          half: {from: memory, times: 0.5}
          node: {exists: ['dev/{half}']}
        checks:
          - name: memory
            title: Memory
            when: [{fact: memory, some: true}]
            cases:
              - level: warning
                when: [{fact: memory, below: half}]
                found: "{memory:GiB}"
                why: it is little
                source: docs
                remedy: buy some
                run: [buy]
                add: ["limit={half}"]
              - level: ok
                found: enough for {gpu}
        boot:
          - {name: any, add: 'add {parameter}', remove: 'remove {parameter}'}
        """;

    private RecipeFolder folder = null!;

    [SetUp]
    public void SetUp() => folder = new RecipeFolder();

    [TearDown]
    public void TearDown() => folder.Dispose();

    [Test]
    public void File_reads_when_it_is_valid()
    {
        var doctor = Read(Valid);

        Assert.That(doctor.Checks.Single().Cases[0].Add, Is.EqualTo(new[] { "limit={half}" }));
        Assert.That(doctor.Facts["memory"].Times, Is.EqualTo(1024));
    }

    [Test]
    public void Missing_file_is_named() =>
        Assert.That(
            () => RecipeBook.Open(folder.Root).Doctor,
            Throws.TypeOf<RecipeException>().With.Message.EqualTo("recipes/_shared/doctor.yml is missing; restore it from git")
        );

    [TestCase("read: 2026-11-28", "read: today", "doctor.yml:2: 'today' is no date: write 2026-11-28 or 2026-11")]
    [TestCase("source: docs", "source: doc", "doctor.yml:16: unknown source 'doc'; known: docs")]
    [TestCase("        source: docs\n", "", "doctor.yml:12: what is not ok needs 'why' and 'source'")]
    [TestCase("        why: it is little\n", "", "doctor.yml:12: what is not ok needs 'why' and 'source'")]
    [TestCase("        remedy: buy some\n", "", "doctor.yml:12: a warning or error needs 'remedy'")]
    [TestCase("from: memory", "from: memori", "doctor.yml:5: there is no fact 'memori'; did you mean memory?")]
    [TestCase("limit={half}", "limit={hal}", "there is no fact 'hal'")]
    [TestCase("{memory:GiB}", "{memoy:GiB}", "there is no fact 'memoy'")]
    [TestCase("below: half", "below: halves", "there is no fact 'halves'")]
    [TestCase("below: half", "below: half, lacks: other", "there is no fact 'other'")]
    [TestCase("{fact: memory, below: half}", "{fact: memory}", "it tests nothing: say some, is, not")]
    [TestCase("half: {from: memory, times: 0.5}", "half: {from: half, times: 0.5}", "doctor.yml:5: it needs itself")]
    [TestCase("read: [proc/meminfo]", "read: ['proc/{half}']", "doctor.yml:4: it needs itself")]
    [TestCase("from: memory, times", "from: memory, count: memory, times", "it needs one origin")]
    [TestCase("from: memory, times", "times", "it needs one origin")]
    [TestCase("proc/meminfo", "/proc/meminfo", "'/proc/meminfo' is no path below a root")]
    [TestCase("proc/meminfo", "proc/../meminfo", "'proc/../meminfo' is no path below a root")]
    [TestCase("([0-9]+)$", "([0-9]+$", "is no regular expression")]
    [TestCase("([0-9]+)$", "(?=[0-9])$", "or one that needs to go back")]
    [TestCase("times: 0.5", "per: 0", "must be more than 0")]
    [TestCase("times: 0.5", "where: x", "doctor.yml:5: it is about the content of files")]
    [TestCase("  half:", "  gpu:", "'gpu' is what the recipe says; choose another name")]
    [TestCase("  half:", "  Half:", "'Half' is no name of a fact")]
    [TestCase("        when: [{fact: memory, below: half}]\n", "", "it always holds, so the cases after it are never found")]
    [TestCase("'add {parameter}'", "'add'", "'add' must name {parameter} and no fact")]
    [TestCase("'remove {parameter}'", "'remove {parameter} {memory}'", "must name {parameter} and no fact")]
    [TestCase("level: warning", "level: bad", "must be one of ok, note, warning, error, not 'bad'")]
    [TestCase("title: Memory", "titel: Memory", "unknown key 'checks[0].titel'")]
    public void File_that_is_wrong_names_line_and_what_is_known(string from, string to, string message)
    {
        var text = Valid.Replace("\r", "");
        Assert.That(text, Does.Contain(from));

        Assert.That(() => Read(text.Replace(from, to)), Throws.TypeOf<RecipeException>().With.Message.Contains(message));
    }

    [Test]
    public void Two_checks_of_one_name_are_refused()
    {
        var text = Valid.Replace("\r", "");
        var check = text[text.IndexOf("  - name: memory", StringComparison.Ordinal)..text.IndexOf("boot:", StringComparison.Ordinal)];

        Assert.That(
            () => Read(text.Replace("boot:", check + "boot:")),
            Throws.TypeOf<RecipeException>().With.Message.Contains("two checks have the name 'memory'")
        );
    }

    [Test]
    public void Facts_of_the_repository_are_all_used()
    {
        var doctor = RecipeBook.Open(Path.Combine(RepositoryRoot.Path, "recipes")).Doctor;
        var text = File.ReadAllText(Path.Combine(RepositoryRoot.Path, "recipes", "_shared", "doctor.yml"));

        Assert.That(
            doctor.Facts.Keys.Where(f => System.Text.RegularExpressions.Regex.Count(text, $@"\b{f}\b") < 2),
            Is.Empty,
            "facts that nobody asks for"
        );
        Assert.That(doctor.Sources.Keys.Except(doctor.Checks.SelectMany(c => c.Cases).Select(c => c.Source)), Is.Empty);
    }

    private DoctorFacts Read(string text)
    {
        folder.Share("doctor", text);
        return RecipeBook.Open(folder.Root).Doctor;
    }
}
