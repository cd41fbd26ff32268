using Gfxbake.Pipeline.Outputs.Report;

namespace Gfxbake.Unit.Tests.Pipeline.Outputs.Report;

public sealed class NumberSheetTests
{
    [Test]
    public void Rows_are_the_recipes_and_a_variant_without_numbers_has_no_column()
    {
        var sheet = SampleSheet.Both;

        Assert.That(sheet.Variants.Select(v => (v.Name, v.Gpu)), Is.EqualTo(new[] { ("debian", "gfx1100"), ("native", "gfx1151") }));
        Assert.That(
            sheet.Rows.Select(r => $"{r.Workload}: {string.Join(" | ", r.Cells.Select(c => c?.Text ?? "-"))}"),
            Is.EqualTo(
                new[]
                {
                    "serve: 0.0108 of 0.05 | 0.9 of 0.05, NOT PASSED",
                    "embed: 0.00004 of 0.05 | 0.00005 of 0.05",
                    "draw: not run (drawing is not installed) | -",
                }
            )
        );
    }

    [Test]
    public void Columns_are_the_cpu_of_each_variant_and_then_the_devices()
    {
        var table = SheetTable.Of(SampleSheet.Both.Rows[0])!;

        Assert.Multiple(() =>
        {
            Assert.That(
                table.Columns.Select(c => (c.Head, c.Of)),
                Is.EqualTo(
                    new (string, int?)[]
                    {
                        ("the CPU (debian)", null),
                        ("the CPU (native)", null),
                        ("the emulated GPU, gfx1100 (debian)", 0),
                        ("the emulated GPU, gfx1151 (native)", 1),
                    }
                )
            );
            Assert.That(table.Tokens.Select(t => t.Id), Is.EqualTo(new[] { 353, 5, 372 }));
            Assert.That(table.Columns[2].Values, Is.EqualTo(new double?[] { Math.Log(0.79), Math.Log(0.11), null }));
            Assert.That(table.Columns[3].Values, Is.EqualTo(new double?[] { Math.Log(0.75), null, null }));
        });
    }

    [Test]
    public void Variants_whose_cpu_gave_the_same_share_its_column() =>
        Assert.That(
            SheetTable.Of(SampleSheet.Both.Rows[1])!.Columns.Select(c => c.Head),
            Is.EqualTo(new[] { "the CPU (debian, native)", "the emulated GPU, gfx1100 (debian)", "the emulated GPU, gfx1151 (native)" })
        );

    // What it runs is no code of the variant.
    [Test]
    public void Device_of_another_kind_is_named_without_the_gpu() =>
        Assert.That(SampleSheet.Both.Rows[2].Cells[0]!.Device, Is.EqualTo("a Vulkan device (debian)"));

    [Test]
    public void Row_without_numbers_has_no_table() => Assert.That(SheetTable.Of(SampleSheet.Both.Rows[2]), Is.Null);

    [Test]
    public void What_is_missing_is_told_with_its_command()
    {
        var sheet = NumberSheet.Of(
            SampleSheet.Recipe,
            v =>
                v == "debian"
                    ? new(
                        SampleSheet.Record(
                            SampleSheet.Verdict("embed", null, "it said\na line that is too long for the rest of this line")
                        ),
                        ""
                    )
                    : new(null, "not run (x)")
        );

        Assert.That(
            NumberSheetText.Lines(sheet),
            Is.EqualTo(
                new[]
                {
                    "Largest difference from the CPU, of what is allowed:",
                    "  serve                            debian, gfx1100  not run (not in verify.json)",
                    "  serve                            native, gfx1151  not run (x)",
                    "  embed                            debian, gfx1100",
                    "    FAILED: it said a line that is too long for the rest of this line",
                    "  embed                            native, gfx1151  not run (x)",
                    "  draw                             debian, gfx1100  not run (not in verify.json)",
                    "  native: not run (x). Next:",
                    "    ./build.sh --target=VerifyMinimal --recipe=tool --variant=native",
                }
            )
        );
    }

    [Test]
    public void Variant_whose_devices_run_none_of_its_code_is_named_without_the_gpu()
    {
        var recipe = SampleSheet.Recipe;
        var plain = recipe.Variants["plain"] with { Devices = ["drawing"] };
        var sheet = NumberSheet.Of(
            recipe with
            {
                Variants = recipe.Variants.Append(new("drawn", plain)).ToDictionary(v => v.Key, v => v.Value),
            },
            _ => new(null, "not run (x)")
        );

        Assert.That(sheet.Variants.Select(v => v.Head), Is.EqualTo(new[] { "debian, gfx1100", "native, gfx1151", "drawn" }));
    }

    [Test]
    public void Recipe_with_one_such_variant_has_no_sheet()
    {
        var recipe = SampleSheet.Recipe;
        var one = recipe.Variants.Where(v => v.Key != "native").ToDictionary(v => v.Key, v => v.Value);
        var sheet = NumberSheet.Of(recipe with { Variants = one }, _ => new(null, "not run (x)"));

        Assert.That((sheet.IsShown, NumberSheetText.Lines(sheet).Count()), Is.EqualTo((false, 0)));
    }

    [Test]
    public void Nothing_is_compared_where_too_little_was()
    {
        var found = SampleSheet.Found(0.01, new Gfxbake.Pipeline.Numbers.TokenPair(1, "a", -1, -1.01)) with { Compared = 299 };
        var sheet = NumberSheet.Of(SampleSheet.Recipe, _ => new(SampleSheet.Record(SampleSheet.Verdict("serve", found)), ""));

        Assert.That(sheet.Rows[0].Cells[0]!.Text, Is.EqualTo("0.01 of 0.05, NOT PASSED"));
    }
}
