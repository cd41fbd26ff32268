using Gfxbake.Formats.Files;
using Gfxbake.Pipeline.Minimal;
using Gfxbake.Pipeline.Plan;

namespace Gfxbake.Host.Tests.Engine;

public sealed partial class HardCasesTests
{
    private const string Uncalled = "/usr/lib/x86_64-linux-gnu/libharduncalled.so.1",
        Brought = "/usr/lib/x86_64-linux-gnu/libhardbrought.so.1";

    // The program needs the library, which brings another one, and calls it only when it is told to.
    [Test]
    public void Library_that_is_never_called_is_there_by_name_only_and_says_so_when_it_is_called()
    {
        Assert.That(Entry(Brought), Does.Contain("\"Keep\"").And.Contains("Traced"));
        Assert.That(checkout.Engine("run", "--rm", checkout.Image("minimal"), "call").Status, Is.Zero, "the library itself");
        try
        {
            var outcome = checkout.Run("--target=MinimalImage", "--standins=hard");
            Assert.That(outcome.Status, Is.Zero, outcome.Output);
            Assert.That(outcome.Output, Does.Contain("TraceImage: unchanged").And.Contains("PlanPrune: again, because of: stand-ins\n"));
            Assert.That(outcome.Output, Does.Contain("libharduncalled.so.1 is there by name only: a stand-in of "));
            AssertPlanned();
            var call = checkout.Engine("run", "--rm", checkout.Image("minimal"), "call");
            Assert.That(call.Status, Is.EqualTo(128 + 6), call.Output);
            Assert.That(
                call.Output,
                Does.Contain(
                    "gfxbake: uncalled of libharduncalled.so.1 was called, but this image has a stand-in for that library: "
                        + "the program calls it when it is told to; next: tell it nothing\n"
                )
            );
            Assert.That(
                checkout.Engine("image", "inspect", checkout.Image("minimal")).Output,
                Does.Match("\"gfxbake.standins\": ?\"hard\"")
            );
            AssertOutputs();
        }
        finally
        {
            Assert.That(checkout.Run("--target=MinimalImage").Status, Is.Zero, "the library is there again");
        }

        Assert.That(checkout.Engine("image", "inspect", checkout.Image("minimal")).Output, Does.Not.Contain("gfxbake.standins"));
    }

    private void KnowStandIn()
    {
        const string Rule =
            "  hard: {library: libharduncalled.so.*, why: the program calls it when it is told to, next: tell it nothing, "
            + "for: [hard], source: the test, read: 2026-11-28}\n";
        File.AppendAllText(Path.Combine(checkout.Root, "recipes", "_shared", "standins.yml"), Rule);
    }

    private void AssertPlanned()
    {
        using var file = File.OpenRead(checkout.Artifact("plan.json"));
        var entries = PrunePlanReader.Read(file).Entries.ToDictionary(e => e.Path);
        var minimal = RecordFile.TryRead<MinimalRecord>(checkout.Artifact("minimal.json"))!;

        Assert.Multiple(() =>
        {
            Assert.That(entries[Uncalled].Action, Is.EqualTo(PlanAction.StandIn));
            Assert.That(entries[Uncalled].StandIn?.Functions, Is.EqualTo(new[] { "uncalled@@HARD_1" }));
            Assert.That(entries[Brought].Causes, Is.EqualTo(new[] { new Cause(Reason.StandIn, Uncalled) }));
            Assert.That(minimal.Verified, Is.True);
        });
    }

    private void AssertOutputs()
    {
        var why = checkout.Run("--target=Why", "--standins=hard", $"--path={Uncalled}").Output;
        var made = checkout.Run("--target=Sbom", "--target=Report", "--exclusive", "--standins=hard");
        Assert.That(made.Status, Is.Zero, made.Output);

        Assert.Multiple(() =>
        {
            Assert.That(why, Does.Contain("with 1 function that says so and aborts (rule hard)"), why);
            Assert.That(
                File.ReadAllText(checkout.Artifact("sbom.spdx.json")),
                Does.Contain("Stands in for libharduncalled.so.1 of no package")
            );
            Assert.That(File.ReadAllText(checkout.Artifact("sbom.cdx.json")), Does.Contain("gfxbake-standin-hard-libharduncalled.so.1"));
            Assert.That(File.ReadAllText(checkout.Artifact("report.html")), Does.Contain("(rule hard)"));
        });
    }
}
