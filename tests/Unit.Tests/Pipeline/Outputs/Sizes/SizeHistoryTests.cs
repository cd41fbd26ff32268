using Gfxbake.Pipeline.Outputs.Sizes;

namespace Gfxbake.Unit.Tests.Pipeline.Outputs.Sizes;

public sealed class SizeHistoryTests
{
    private static readonly SizeHistory One = SizeHistory.Empty.With(Sample.Row);

    private static string Good => "| 2026-11-20 | sample | debian | unknown | v 1 | 1,000 | 100 | - | 90.0 % |";

    [Test]
    public void Row_reads_back_what_was_written() => Assert.That(SizeHistory.Parse(One.Text).Rows, Is.EqualTo(new[] { Sample.Row }));

    [Test]
    public void Row_is_a_table_row_with_the_full_commit_and_exact_bytes() =>
        Assert.That(
            One.Text,
            Does.EndWith(
                $"\n| 2026-11-20 | sample | debian | {new string('b', 40)}-dirty | llama.cpp-tools "
                    + "0.6 | 8,412,345,678 | 900,000,000 | 136,000,000 | 89.3 % |\n"
            )
        );

    [Test]
    public void Same_build_is_not_added_twice_on_another_day() =>
        Assert.That(SizeHistory.Parse(One.Text).With(Sample.Row with { Date = Sample.Row.Date.AddDays(1) }).Text, Is.EqualTo(One.Text));

    [Test]
    public void Same_revision_with_another_figure_is_another_row() =>
        Assert.That(One.With(Sample.Row with { Zst = null }).With(Sample.Row with { Variant = "native" }).Rows, Has.Count.EqualTo(3));

    [Test]
    public void Last_is_the_lowest_row_of_the_variant()
    {
        var history = One.With(Sample.Row with { Minimal = 5 }).With(Sample.Row with { Variant = "native", Minimal = 6 });

        Assert.Multiple(() =>
        {
            Assert.That(history.Last("sample", "debian")!.Minimal, Is.EqualTo(5));
            Assert.That(history.Last("sample", "amd"), Is.Null);
        });
    }

    [Test]
    public void Texts_around_the_table_stay()
    {
        var text = "My words\n\n" + SizeHistory.Empty.Text + Good + "\n\nMore words\n";

        Assert.That(
            SizeHistory.Parse(text).With(Sample.Row).Text,
            Does.StartWith("My words\n").And.Contain(Good + "\n| 2026-11-20 | sample | debian | bbbb").And.EndWith("\n\nMore words\n")
        );
    }

    [Test]
    public void Line_endings_of_Windows_become_ours() =>
        Assert.That(SizeHistory.Parse(One.Text.Replace("\n", "\r\n")).Text, Is.EqualTo(One.Text));

    [Test]
    public void Markup_in_versions_is_escaped()
    {
        var row = Sample.Row with { Versions = "a 1|2 <b> `c` *d* [e](f) \\| ~g~ &lt; $x$ @you" };
        var history = SizeHistory.Empty.With(row);

        Assert.Multiple(() =>
        {
            Assert.That(history.Text, Does.Contain(@"a 1\|2 \<b\> \`c\` \*d\* \[e\](f) \\\| \~g\~ \&lt; \$x\$ \@you"));
            Assert.That(SizeHistory.Parse(history.Text).Rows[0], Is.EqualTo(row));
        });
    }

    [TestCase(
        "| 20.11.2026 | sample | debian | unknown | v 1 | 1,000 | 100 | - | 90.0 % |",
        "SIZE_COMPARISON.md:8: date '20.11.2026' must be a day such as 2026-01-31"
    )]
    [TestCase(
        "| 2026-11-20 | Sam ple | debian | unknown | v 1 | 1,000 | 100 | - | 90.0 % |",
        "SIZE_COMPARISON.md:8: recipe 'Sam ple' must be a name"
    )]
    [TestCase(
        "| 2026-11-20 | sample | debian | 0b445b7 | v 1 | 1,000 | 100 | - | 90.0 % |",
        "SIZE_COMPARISON.md:8: revision '0b445b7' must be a full commit"
    )]
    [TestCase(
        "| 2026-11-20 | sample | debian | unknown | v 1 | 1,00 | 100 | - | 90.0 % |",
        "SIZE_COMPARISON.md:8: full '1,00' must be a number of bytes"
    )]
    [TestCase(
        "| 2026-11-20 | sample | debian | unknown | v 1 | 1,000 | - | - | 90.0 % |",
        "SIZE_COMPARISON.md:8: minimal '-' must be a number of bytes"
    )]
    [TestCase(
        "| 2026-11-20 | sample | debian | unknown | v 1 | 1,000 | 100 | ? | 90.0 % |",
        "SIZE_COMPARISON.md:8: zst '?' must be a number of bytes, or - when there was no archive"
    )]
    [TestCase(
        "| 2026-11-20 | sample | debian | unknown | v 1 | 1,000 | 100 | - | 91.0 % |",
        "SIZE_COMPARISON.md:8: saved '91.0 %' does not fit full and minimal, which give 90.0 %"
    )]
    [TestCase("| 2026-11-20 | sample | debian |", "SIZE_COMPARISON.md:8: must be a row of 9 cells")]
    [TestCase(
        "| 2026-11-20 | sample | debian | unknown | v 1 | 1,000 | 100 | - | 90.0 %",
        "SIZE_COMPARISON.md:8: must be a row of 9 cells"
    )]
    [TestCase(
        "\n| 2026-11-20 | sample | debian | unknown | v 1 | 1,000 | 100 | - | 90.0 % |",
        "SIZE_COMPARISON.md:9: is a row outside of the table"
    )]
    [TestCase("<<<<<<< HEAD", "SIZE_COMPARISON.md:8: is left of a merge conflict; resolve it")]
    public void Broken_row_is_named_with_its_line(string line, string message) =>
        Assert.That(
            () => SizeHistory.Parse(SizeHistory.Empty.Text + line + "\n"),
            Throws.TypeOf<SizeFormatException>().With.Message.StartsWith(message)
        );

    [Test]
    public void All_problems_are_named_at_once() =>
        Assert.That(
            () =>
                SizeHistory.Parse(
                    SizeHistory.Empty.Text + Good.Replace("2026", "26") + "\n" + Good + "\n" + Good.Replace("100", "x") + "\n"
                ),
            Throws.TypeOf<SizeFormatException>().With.Message.Contains(":8: date").And.Message.Contains(":10: minimal")
        );

    [TestCase("")]
    [TestCase("# Sizes\n")]
    [TestCase("| a | b |\n|---|---|\n")]
    public void Text_without_the_table_is_an_error(string text) =>
        Assert.That(
            () => SizeHistory.Parse(text),
            Throws.TypeOf<SizeFormatException>().With.Message.StartsWith("SIZE_COMPARISON.md:1: has no table with the columns date, recipe")
        );

    [Test]
    public void Missing_rule_below_the_header_is_an_error() =>
        Assert.That(
            () => SizeHistory.Parse(SizeHistory.Empty.Text.Replace("|---|---|---|---|---|---:|---:|---:|---:|\n", "")),
            Throws.TypeOf<SizeFormatException>().With.Message.Contains("SIZE_COMPARISON.md:7: must be the line |---|")
        );

    [Test]
    public void Huge_text_is_refused() =>
        Assert.That(() => SizeHistory.Parse(new string('x', (1 << 22) + 1)), Throws.TypeOf<SizeFormatException>());

    [Test]
    public void Any_row_reads_back_and_any_mutation_gives_rows_or_a_named_error() =>
        Rounds.Run(random =>
        {
            var history = SizeHistory.Empty;
            for (var n = random.Next(0, 4); n >= 0; n--)
                history = history.With(AnyRow(random));
            var again = SizeHistory.Parse(history.Text);
            Assert.That(again.Rows, Is.EqualTo(history.Rows));
            Assert.That(again.Text, Is.EqualTo(history.Text));
            Assert.That(again.With(history.Rows[0]).Text, Is.EqualTo(history.Text));

            var text = history.Text.ToCharArray();
            for (var n = random.Next(1, 5); n > 0; n--)
                text[random.Next(text.Length)] = random.Next(3) == 0 ? "|\n\\-,"[random.Next(5)] : (char)random.Next(1, 0x250);
            try
            {
                var read = SizeHistory.Parse(new string(text));
                Assert.That(SizeHistory.Parse(read.Text).Rows, Is.EqualTo(read.Rows));
            }
            catch (SizeFormatException error)
            {
                Assert.That(error.Message.Split('\n'), Has.All.Match(@"^SIZE_COMPARISON\.md:\d+: "));
            }
        });

    private static HistoryRow AnyRow(Random random)
    {
        var versions = new string([
            .. Enumerable
                .Range(0, random.Next(0, 30))
                .Select(_ => random.Next(3) == 0 ? (char)random.Next(0, 0xffff) : (char)random.Next(32, 127)),
        ]);
        var report = Sample.Report with
        {
            Versions = new(StringComparer.Ordinal) { [versions] = "1" },
            Revision = random.Next(2) == 0 ? "unknown" : Sample.Revision,
            FullBytes = random.NextInt64(999_999_999_999_999),
            MinimalBytes = random.NextInt64(1L << random.Next(1, 49)),
        };
        return HistoryRow.Of(report, DateOnly.FromDayNumber(random.Next(1, 3_000_000)));
    }
}
