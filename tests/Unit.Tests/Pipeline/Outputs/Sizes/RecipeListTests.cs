using Gfxbake.Pipeline.Outputs.Sizes;
using Gfxbake.Recipes.Reading;
using Gfxbake.Unit.Tests.Recipes.Reading;

namespace Gfxbake.Unit.Tests.Pipeline.Outputs.Sizes;

public sealed class RecipeListTests
{
    [Test]
    public void Recipe_and_each_variant_have_a_line_with_gpu_and_cost()
    {
        using var folder = new RecipeFolder();
        folder.Change(
            "variants:\n",
            """
            variants:
              own:
                summary: from its tag
                base:
                  bootstrap: {suite: sid, source_date_epoch: 1}
                code_target: gfx1151
                dockerfile: docker/native.Dockerfile
                source: {name: tool, repository: 'https://example.org/tool', tag: v1, commit: 0123456789012345678901234567890123456789}

            """.ReplaceLineEndings("\n")
        );
        var history = SizeHistory.Empty.With(
            new HistoryRow(new DateOnly(2026, 11, 21), "sample", "debian", "1", "", 5_839_593_199, 909_220_055, null)
        );

        Assert.That(
            RecipeList.Lines(RecipeBook.Open(folder.Root).ReadAll(), history),
            Is.EqualTo(
                new[]
                {
                    "sample  gfx1151  a sample",
                    "  * debian  packages, 5,839.6 MB > 909.2 MB  packages",
                    "    own     compiled, no build recorded      from its tag",
                }
            )
        );
    }
}
