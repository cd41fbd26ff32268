using Gfxbake.Formats.Tar;
using Gfxbake.Pipeline.Plan;
using Gfxbake.Unit.Tests.Pipeline.Plan.Pruning;

namespace Gfxbake.Unit.Tests.Pipeline.Plan;

public sealed class PlanExplanationTests
{
    [Test]
    public void Kept_library_is_explained_up_to_its_workloads() =>
        Assert.That(
            Explain("/usr/lib/libLLVM.so.21.1"),
            Is.EqualTo(
                """
                /usr/lib/libLLVM.so.21.1  kept, 1.5 MB
                  needed by    /usr/lib/libamd_comgr.so.3
                  dlopened by  /usr/lib/libllama.so.0.7
                  needed by    /usr/bin/llama-bench
                  traced in    bench-cpu, bench-gpu

                """
            )
        );

    [TestCase("/usr/bin/perl", "dropped, 4.0 kB\n  no workload opened it, no kept library needs it, no rule names it")]
    [TestCase("/usr/lib/rocblas/library/T_gfx1030.co", "dropped, 5 B\n  names gfx1030, wanted gfx1100")]
    [TestCase("/models/tiny.gguf", "dropped, 5 B\n  lies below /models, where something is mounted")]
    [TestCase("/usr/share/libdrm/amdgpu.ids", "kept, 3 B\n  kept by rule /usr/share/libdrm/amdgpu.ids (the test wants it)")]
    [TestCase(
        "/usr/lib/rocblas/library",
        "kept, 2 of 3 paths below it kept, 11 B of 16 B\n  directory of /usr/lib/rocblas/library/T_fallback.dat\n"
            + "  GPU table of /usr/lib/librocblas.so.4"
    )]
    [TestCase("/usr/share/common-licenses/MIT-like", "kept, 8 B\n  licence of   llama")]
    [TestCase("usr/bin/perl", "dropped")]
    public void Path_is_explained(string path, string text) =>
        Assert.That(Explain(path), Does.Contain("/" + path.TrimStart('/') + "  " + text));

    [Test]
    public void Links_on_the_way_are_explained_with_the_target()
    {
        var text = Explain("/lib/libllama.so.0");

        Assert.That(
            text.Split('\n').Where(l => l.StartsWith('/')),
            Is.EqualTo(
                new[]
                {
                    "/lib -> usr/lib  kept",
                    "/usr/lib/libllama.so.0 -> libllama.so.0.7  kept",
                    text.Split('\n').Single(l => l.StartsWith("/usr/lib/libllama.so.0.7  kept, ", StringComparison.Ordinal)),
                }
            )
        );
    }

    [Test]
    public void Dangling_link_is_explained()
    {
        using var image = new PlannedImage();
        image.Image.Link("/a", "gone");

        Assert.That(
            PlanExplanation.Of(image.Trace("/a").Plan, "/a"),
            Is.EqualTo("/a -> gone  kept\n  traced in    run\n/a leads to 'gone', which the image lacks\n")
        );
    }

    // A name that turns the rest of its line round reads as another one.
    [TestCase('\u202e', "\\u202e")]
    [TestCase('\u200b', "\\u200b")]
    [TestCase('\u009b', "\\x9b")]
    [TestCase('\n', "\\x0a")]
    public void Character_that_fools_a_reader_is_shown_by_its_number(char hidden, string shown)
    {
        var plan = new PrunePlan
        {
            CodeTargets = [],
            Entries =
            [
                new PlanEntry
                {
                    Path = $"/a{hidden}b",
                    Kind = EntryKind.File,
                    Size = 1,
                    Action = PlanAction.Keep,
                    Causes = [new Cause(Reason.Traced, $"run{hidden}")],
                },
                new PlanEntry
                {
                    Path = "/gone",
                    Kind = EntryKind.File,
                    Size = 1,
                    Action = PlanAction.Drop,
                    Causes = [new Cause(Reason.OnlyListed, $"run{hidden}")],
                },
            ],
        };
        using var markdown = new StringWriter();
        PlanMarkdown.Write(plan, markdown);
        var missing = Assert.Throws<UnknownPathException>(() => PlanExplanation.Of(plan, $"/a{hidden}c"));
        string[] texts =
        [
            PlanExplanation.Of(plan, $"/a{hidden}b"),
            PlanExplanation.Of(plan, "/gone"),
            markdown.ToString(),
            missing!.Message,
        ];

        // The lines' own ends aside.
        Assert.That(
            texts.Select(t => t.Replace("\n", hidden == '\n' ? "" : "\n", StringComparison.Ordinal)),
            Has.All.Contains(shown).And.All.Not.Contains(hidden.ToString())
        );
    }

    [Test]
    public void Circle_in_a_plan_does_not_hang()
    {
        PlanEntry Entry(string path, string by) =>
            new()
            {
                Path = path,
                Kind = EntryKind.File,
                Size = 0,
                Action = PlanAction.Keep,
                Causes = [new Cause(Reason.NeededBy, by)],
            };
        var plan = new PrunePlan { CodeTargets = [], Entries = [Entry("/a", "/b"), Entry("/b", "/a")] };

        Assert.That(PlanExplanation.Of(plan, "/a"), Does.EndWith("needed by    /b\n  needed by    /a\n"));
    }

    [TestCase("/usr/lib/libLLVM.so.21", "nearest directory that is: /usr/lib; similar names: /usr/lib/libLLVM.so.21.1")]
    [TestCase("/usr/lib/x/libamd_comgr.so.2", "nearest directory that is: /usr/lib; similar names: /usr/lib/libamd_comgr.so.3")]
    [TestCase("/root/.cache/comgr/x", "a workload found it, so it was made during the run or mounted")]
    public void Unknown_path_is_an_error_that_helps(string path, string help) =>
        Assert.That(() => Explain(path), Throws.TypeOf<UnknownPathException>().With.Message.Contains(help));

    private static string Explain(string path)
    {
        using var image = PlanFileTests.Example();
        return PlanExplanation.Of(image.Plan, path);
    }
}
