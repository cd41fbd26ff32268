using Gfxbake.Formats.Files;
using Gfxbake.Pipeline.Minimal;
using Gfxbake.Pipeline.Verify;

namespace Gfxbake.Host.Tests.Engine;

/// <summary>Two checkouts of the same recipe on one machine: neither takes anything from the other.</summary>
[TestFixtureSource(typeof(Engines))]
[Category(Needs.Engine)]
[NonParallelizable]
public sealed class TwoCheckoutsTests(string engine)
{
    private Checkout first = null!,
        second = null!;

    [OneTimeSetUp]
    public void Make()
    {
        first = new Checkout(engine);
        second = new Checkout(engine, beside: first);
        // The engine is found, and where it must be installed, before two do it at once.
        foreach (var checkout in new[] { first, second })
            Passes(checkout.Run("--target=BaseImage", "--provision"));
    }

    [OneTimeTearDown]
    public void Delete()
    {
        second.Dispose();
        first.Dispose();
    }

    [Test]
    public void Both_build_at_once_and_cleaning_one_leaves_the_others_images()
    {
        // Another full image, so that the names by which people find images can't be right for both.
        using var other = second.EndDockerfileWith("touch /second");
        var builds = new[] { first, second }.Select(c => Task.Run(() => c.Run("--target=MinimalImage"))).ToArray();
        Task.WaitAll(builds);
        var cleaned = first.Run("--target=Clean", "--what=images");
        var again = second.Run("--target=SaveMinimalImage");

        foreach (var build in builds)
            Passes(build.Result);
        Passes(cleaned);
        Passes(again);
        Assert.Multiple(() =>
        {
            foreach (var checkout in new[] { first, second })
                Assert.That(RecordFile.TryRead<VerifyRecord>(checkout.Artifact("verify.json"))!.Passed);
            Assert.That(first.Names(), Has.None.EndsWith(first.Image("base")[^8..]));
            Assert.That(again.Output, Does.Not.Contain("again, because").And.Not.Contain("STEP"), "all of the second's images are there");
            foreach (var kind in new[] { "base", "full", "trace", "candidate" })
                Assert.That(second.Names(), Has.Member(second.Image(kind)));
            Assert.That(
                second.Engine("image", "inspect", "--format", "{{.Id}}", second.Image("minimal")).Output,
                Does.Contain(RecordFile.TryRead<MinimalRecord>(second.Artifact("minimal.json"))!.ImageId)
            );
        });
    }

    private static void Passes(Outcome outcome) => Assert.That(outcome.Status, Is.Zero, outcome.Output);
}
