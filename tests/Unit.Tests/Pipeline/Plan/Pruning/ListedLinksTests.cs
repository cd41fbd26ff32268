using Gfxbake.Formats.Strace;
using Gfxbake.Pipeline.Full;
using Gfxbake.Pipeline.Plan;
using Gfxbake.Pipeline.Proof;

namespace Gfxbake.Unit.Tests.Pipeline.Plan.Pruning;

public sealed class ListedLinksTests
{
    [Test]
    public void Link_that_was_only_listed_goes_with_its_file()
    {
        using var image = Sample().Trace("/bin", workloads: ["a", "b"]).Look("/bin/sh", "a", "b");

        Assert.That(image.Kept, Is.EqualTo("/bin"));
        Assert.That(image.Causes("/bin/sh"), Is.EqualTo("OnlyListed a, b"));
        Assert.That(
            PlanExplanation.Of(image.Plan, "/bin/sh"),
            Does.StartWith("/bin/sh -> dash  dropped\n  a, b met it in a listing of its directory")
        );
    }

    [Test]
    public void Link_that_was_looked_at_without_a_listing_stays()
    {
        using var image = Sample().Look("/bin/sh");

        Assert.That(image.Kept, Is.EqualTo("/bin /bin/dash /bin/sh"));
    }

    [Test]
    public void Link_that_one_workload_looked_at_without_a_listing_stays()
    {
        using var image = Sample().Trace("/bin", workloads: "a").Look("/bin/sh", "a", "b");

        Assert.That(image.Kept, Does.Contain("/bin/sh"));
    }

    [Test]
    public void Link_that_was_opened_stays()
    {
        using var image = Sample().Trace("/bin").Trace("/bin/sh");

        Assert.That(image.Causes("/bin/sh"), Is.EqualTo("Traced run"));
    }

    [Test]
    public void Link_that_something_else_needs_stays()
    {
        using var image = Sample().Trace("/bin").Look("/bin/sh").Trace("/script");
        image.Image.Text("/script", "#!/bin/sh\n", executable: true);

        Assert.That(image.Causes("/bin/sh"), Is.EqualTo("ScriptInterpreter /script"));
    }

    [TestCase("/bin/dash")]
    [TestCase("/bin/dir")]
    public void File_and_link_to_a_directory_stay(string path)
    {
        using var image = Sample().Trace("/bin").Look(path);

        Assert.That(image[path].IsKept);
    }

    [Test]
    public void Listed_link_is_not_lost_and_others_are()
    {
        using var image = Sample().Trace("/bin").Look("/bin/sh").Trace("/bin/tool");
        image.Image.Link("/bin/tool", "dash");
        var full = image.Image.FileSystem;
        using var empty = new PlannedImage();
        empty.Image.Text("/other", "x");

        var lost = new ImageProof(FileTable.Of(full), image.Plan, []).Lost(
            image.Traced.Where(t => t.Outcome == AccessOutcome.Found),
            [],
            FileTable.Of(empty.Image.FileSystem)
        );

        Assert.That(
            lost,
            Is.EqualTo(
                new[]
                {
                    "/bin: found in the full image by run, missing in the pruned one",
                    "/bin/tool: found in the full image by run, missing in the pruned one",
                }
            )
        );
    }

    private static PlannedImage Sample()
    {
        var image = new PlannedImage();
        image.Image.Text("/bin/dash", "shell", executable: true).Link("/bin/sh", "dash").Directory("/real").Link("/bin/dir", "../real");
        return image;
    }
}
