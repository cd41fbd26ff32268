using Gfxbake.Formats.Text;
using Gfxbake.Pipeline.Outputs.Sizes;
using Gfxbake.Recipes.Model;
using Gfxbake.Recipes.Reading;
using Gfxbake.Recipes.Yaml;
using Gfxbake.Unit.Tests.Recipes.Reading;

namespace Gfxbake.Unit.Tests.Pipeline.Outputs.Sizes;

public sealed class BudgetTests
{
    [TestCase("943718400", 943_718_400)]
    [TestCase("12 B", 12)]
    [TestCase("900 MB", 900_000_000)]
    [TestCase("900MB", 900_000_000)]
    [TestCase("1.5 GB", 1_500_000_000)]
    [TestCase("0.5 kB", 500)]
    [TestCase("999999999.999999 GB", 999_999_999_999_999_000)]
    public void Size_is_read(string text, long bytes) => Assert.That(ByteCount.TryParse(text), Is.EqualTo(new ByteCount(bytes)));

    [TestCase("")]
    [TestCase("0")]
    [TestCase("-1")]
    [TestCase("900 mb")]
    [TestCase("900 MiB")]
    [TestCase("1,5 GB")]
    [TestCase("1.5")]
    [TestCase("0.0001 kB")]
    [TestCase("9999999999999999999")]
    [TestCase("12 MB ")]
    [TestCase("12 MB\n")]
    [TestCase("\u0661 MB")]
    public void Other_text_is_no_size(string text) => Assert.That(ByteCount.TryParse(text), Is.Null);

    [Test]
    public void Budget_of_a_recipe_is_read()
    {
        using var folder = new RecipeFolder();
        folder.Change(
            "version_of: sample",
            "version_of: sample\n    report_versions: [rocm]\n    budget: {minimal: 900 MB, zst: 140000000, full: 1.5 GB}"
        );

        var variant = RecipeBook.Open(folder.Root).Read("sample").Variants["debian"];

        Assert.That(
            variant.Budget,
            Is.EqualTo(
                new SizeBudget
                {
                    Minimal = new(900_000_000),
                    Zst = new(140_000_000),
                    Full = new(1_500_000_000),
                }
            )
        );
    }

    [TestCase(
        "{minimal: 900 MiB}",
        "recipes/sample/recipe.yml:15: 'variants.debian.budget.minimal' must be bytes, or a size such as 900 MB (units kB, MB, GB; "
            + "1 MB is 1000000 bytes), not '900 MiB'"
    )]
    [TestCase("{minimal: []}", "recipes/sample/recipe.yml:15: 'variants.debian.budget.minimal' must be bytes, or a size")]
    [TestCase("{small: 1}", "recipes/sample/recipe.yml:15: unknown key 'variants.debian.budget.small'; known: full, minimal, zst")]
    [TestCase("{}", "recipes/sample/recipe.yml:15: the budget has no figure; known: full, minimal, zst")]
    [TestCase("900 MB", "recipes/sample/recipe.yml:15: 'variants.debian.budget' must be a block of keys")]
    public void Wrong_budget_is_named_with_its_line(string budget, string message)
    {
        using var folder = new RecipeFolder();
        folder.Change("version_of: sample", "version_of: sample\n    budget: " + budget);

        Assert.That(() => RecipeBook.Open(folder.Root).Read("sample"), Throws.TypeOf<RecipeException>().With.Message.Contains(message));
    }

    [Test]
    public void Build_at_its_budget_passes() =>
        Assert.That(
            Explain(
                new SizeBudget
                {
                    Minimal = new(905_123_456),
                    Full = new(8_412_345_678),
                    Zst = new(135_000_000),
                }
            ),
            Is.Null
        );

    [Test]
    public void Build_without_a_budget_passes() => Assert.That(Explain(null), Is.Null);

    [Test]
    public void Build_over_its_budget_names_figures_and_what_grew_most()
    {
        var recorded = RecordedEntries.Parse(
            $"# revision {Sample.Revision}\n100000000\t/usr/lib/libLLVM.so.21.1\n1000001\t/usr/share/{new string('d', 100)}/end.bin\n"
                + "700000000\t*\n",
            "x.txt"
        );

        Assert.That(
            BudgetCheck
                .Explain(
                    Sample.Report,
                    new SizeBudget { Minimal = new(905_123_455), Zst = new(130_000_000) },
                    Sample.Row,
                    recorded,
                    Sample.Command
                )!
                .Split('\n'),
            Is.EqualTo(
                new[]
                {
                    "over the budget of recipes/sample/recipe.yml, variants.debian.budget:",
                    "  minimal has 905.1 MB (905,123,456 bytes), 1 B over its 905.1 MB (905,123,455 bytes)",
                    "  zst has 135.0 MB (135,000,000 bytes), 5.0 MB over its 130.0 MB (130,000,000 bytes)",
                    "Grown most since 2026-11-20 (bbbbbbbbbbbb-dirty), in the minimal image:",
                    "      +53.1 MB to   753.1 MB  (all smaller files together)",
                    "      +39.0 MB to   139.0 MB  /usr/lib/libLLVM.so.21.1",
                    @"      +12.0 MB to    12.0 MB  /usr/lib/`a|b`<script>\x1b[31m\u202e\x0a.so (new)",
                    "Next: ./build.sh --target=Why --path=… for what should not be there; "
                        + "a growth that is wanted needs a larger budget, then --record.",
                }
            )
        );
    }

    [Test]
    public void Build_over_its_budget_shows_ten_entries_at_most()
    {
        var report = Sample.Report with { Largest = [.. Enumerable.Range(1, 30).Select(i => new SizeEntry($"/f{i}", 100 - i))] };

        Assert.That(
            BudgetCheck
                .Explain(report, new SizeBudget { Minimal = new(1) }, Sample.Row, RecordedEntries.Parse("", "x"), Sample.Command)!
                .Split('\n')
                .Count(l => l.Contains(" to ")),
            Is.EqualTo(10)
        );
    }

    [Test]
    public void Build_over_its_budget_without_a_record_shows_the_largest_and_says_why() =>
        Assert.That(
            Explain(new SizeBudget { Full = new(1) }),
            Does.Contain("What grew is not known, because SIZE_COMPARISON.md has no row of this variant. The largest")
                .And.Contain("\n      139.0 MB  /usr/lib/libLLVM.so.21.1\n")
        );

    [Test]
    public void Budget_of_a_missing_archive_is_said_to_be_unchecked()
    {
        var report = Sample.Report with { Rows = [] };

        Assert.Multiple(() =>
        {
            Assert.That(BudgetCheck.Unmeasured(report, new SizeBudget { Zst = new(1) }), Has.Count.EqualTo(1));
            Assert.That(BudgetCheck.Unmeasured(Sample.Report, new SizeBudget { Zst = new(1) }), Is.Empty);
            Assert.That(BudgetCheck.Explain(report, new SizeBudget { Zst = new(1) }, null, null, Sample.Command), Is.Null);
        });
    }

    [Test]
    public void Recorded_entries_read_back_so_that_the_same_build_grew_by_nothing()
    {
        var recorded = RecordedEntries.Parse(RecordedEntries.Text(Sample.Report), "x.txt");

        Assert.Multiple(() =>
        {
            Assert.That(recorded.Revision, Is.EqualTo(Sample.Revision));
            Assert.That(recorded.Grown(Sample.Report, 10), Is.Empty);
        });
    }

    [TestCase("12 /a", "x.txt:1: must be bytes, a tab and a path")]
    [TestCase("# ok\n-1\t/a", "x.txt:2: must be bytes, a tab and a path")]
    [TestCase("1\ta", "x.txt:1: must be bytes, a tab and a path")]
    [TestCase("1\t", "x.txt:1: must be bytes, a tab and a path")]
    [TestCase("1\t/a\n2\t/a", "x.txt:2: names a path a second time")]
    public void Broken_entries_are_named_with_their_line(string text, string message) =>
        Assert.That(() => RecordedEntries.Parse(text, "x.txt"), Throws.TypeOf<SizeFormatException>().With.Message.StartsWith(message));

    private static string? Explain(SizeBudget? budget) => BudgetCheck.Explain(Sample.Report, budget, null, null, Sample.Command);
}
