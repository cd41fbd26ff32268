using Gfxbake.Formats.Files;
using Gfxbake.Pipeline.Full;

namespace Gfxbake.Host.Tests.Engine;

/// <summary>Takes newer packages when they are asked for, and only then; a local archive stands in for the distribution's.</summary>
[TestFixtureSource(typeof(Engines))]
[Category(Needs.Engine)]
[NonParallelizable]
public sealed class RefreshTests(string engine)
{
    private Checkout checkout = null!;
    private LocalArchive archive = null!;

    private string Lock => Path.Combine(checkout.Root, "recipes", checkout.Recipe, "debian.lock");

    private FullRecord Full => RecordFile.TryRead<FullRecord>(checkout.Artifact("full.json"))!;

    [OneTimeSetUp]
    public void Build()
    {
        checkout = new Checkout(engine, fixture: "refresh-sample");
        Passes("--target=BaseImage", "--provision");
        checkout.TakeOwnNetwork();
        archive = new LocalArchive(checkout);
        archive.Hold(("refreshed", "1.0", ""));
        File.WriteAllText(checkout.RecipeFile, File.ReadAllText(checkout.RecipeFile).Replace("http://stand-in", archive.Address));
        Passes("--target=MinimalImage");
    }

    [OneTimeTearDown]
    public void Delete()
    {
        archive?.Dispose();
        checkout.Dispose();
    }

    [Test]
    public void Newer_packages_are_taken_when_they_are_asked_for_and_only_then()
    {
        Passes("--target=MinimalImage");
        var (first, version) = (Full.ImageId, Full.Version);
        archive.Hold(("refreshed", "2.1", "refreshed-more"), ("refreshed-more", "1.0", ""));

        var silent = Passes("--target=MinimalImage");
        var refreshed = Passes("--target=MinimalImage", "--refresh");
        var second = Full.ImageId;
        var again = Passes("--target=MinimalImage", "--refresh");
        // The summary is in a label of the full image, so its layers are asked for again: those of the older archive must not come back.
        using var change = checkout.Change("summary: a program", "summary: one program");
        var later = Passes("--target=FullImage");

        Assert.Multiple(() =>
        {
            Assert.That(silent.Output, Does.Contain("FullImage: unchanged"));
            Assert.That(
                refreshed.Output,
                Does.Contain("BaseImage: again, because of --refresh").And.Contain("FullImage: again, because of --refresh")
            );
            Assert.That(
                refreshed.Output,
                Does.Contain("  1 packages in another version, 1 new, ")
                    .And.Contain($"    refreshed       {version} -> 2.1\n    refreshed-more  1.0, new\n")
            );
            Assert.That(refreshed.Output, Does.Contain("TraceImage: again, because of: full image"));
            Assert.That(second, Is.Not.EqualTo(first));
            Assert.That(again.Output, Does.Contain("the archive has nothing newer").And.Contain("TraceImage: unchanged"));
            Assert.That(later.Output, Does.Contain("FullImage: again, because of: Dockerfile with metadata"));
            Assert.That(Full.Version, Is.EqualTo("2.1"));
        });
    }

    [Test]
    public void Lock_holds_the_versions_and_names_what_can_not_be_had()
    {
        archive.Hold(("refreshed", "1.1", ""));
        Passes("--target=FullImage", "--refresh", "--update-lock");
        var unchanged = Passes("--target=FullImage");
        // The archive has the locked version beside a newer one, and is asked again by way of another Dockerfile.
        archive.Hold(("refreshed", "1.1", ""), ("refreshed", "1.2", ""));
        using var other = Checkout.ChangeFile(checkout.Dockerfile, "apt-get clean", "apt-get  clean");
        var held = Passes("--target=FullImage");
        archive.Hold(("refreshed", "1.2", ""));
        using var third = Checkout.ChangeFile(checkout.Dockerfile, "apt-get  clean", "apt-get   clean");
        var lost = checkout.Run("--target=FullImage");
        var refused = checkout.Run("--target=FullImage", "--refresh");
        var locked = File.ReadAllText(Lock);
        File.Delete(Lock);

        Assert.Multiple(() =>
        {
            Assert.That(locked, Does.Contain("\nrefreshed 1.1\n"));
            Assert.That(unchanged.Output, Does.Contain("FullImage: unchanged"), "the lock is of this image");
            Assert.That(held.Output, Does.Contain("FullImage: again").And.Not.Contain("in another version"));
            Assert.That(lost.Status, Is.Not.Zero);
            Assert.That(
                lost.Output,
                Does.Contain("refreshed is locked to 1.1, and the archive gave 1.2").And.Contain("--refresh --update-lock")
            );
            Assert.That(refused.Status, Is.Not.Zero);
            Assert.That(
                refused.Output,
                Does.Contain("debian.lock holds the versions; ")
                    .And.Contain("--refresh --update-lock takes newer ones into it")
                    .And.Not.Contain("BaseImage: ")
            );
        });
    }

    private Outcome Passes(params string[] arguments)
    {
        var outcome = checkout.Run(arguments);
        Assert.That(outcome.Status, Is.Zero, outcome.Output);
        return outcome;
    }
}
