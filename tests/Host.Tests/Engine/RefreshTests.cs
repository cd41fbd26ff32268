using Gfxbake.Core.Records;

namespace Gfxbake.Host.Tests.Engine;

/// <summary>Takes newer packages when they are asked for, and only then; a local archive stands in for the distribution's.</summary>
[TestFixtureSource(typeof(Engines))]
[Category("Engine")]
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
        archive = new LocalArchive(checkout);
        archive.Hold(("refreshed", "1.0", ""), ("refreshed-data", "1.0", ""));
        File.WriteAllText(checkout.RecipeFile, File.ReadAllText(checkout.RecipeFile).Replace("http://stand-in", archive.Address));
        Passes("--target=MinimalImage");
    }

    [OneTimeTearDown]
    public void Delete()
    {
        archive?.Dispose();
        checkout.Dispose();
    }

    [Test, Order(1)]
    public void Newer_packages_are_taken_when_they_are_asked_for_and_only_then()
    {
        var first = Full.ImageId;
        archive.Hold(("refreshed", "1.1", "refreshed-data"), ("refreshed-data", "1.0", ""));

        var silent = Passes("--target=MinimalImage");
        var refreshed = Passes("--target=MinimalImage", "--refresh");
        var second = Full.ImageId;
        var again = Passes("--target=MinimalImage", "--refresh");

        Assert.Multiple(() =>
        {
            Assert.That(silent.Output, Does.Contain("FullImage: unchanged"));
            Assert.That(refreshed.Output, Does.Contain("BaseImage: again, because of --refresh").And.Contain("FullImage: again, because of --refresh"));
            Assert.That(refreshed.Output, Does.Contain("  1 packages in another version, 1 new, 0 gone:\n    refreshed       1.0 -> 1.1\n    refreshed-data  1.0, new\n"));
            Assert.That(refreshed.Output, Does.Contain("TraceImage: again, because of: full image"));
            Assert.That(second, Is.Not.EqualTo(first));
            Assert.That(again.Output, Does.Contain("the archive has nothing newer").And.Contain("TraceImage: unchanged"));
            Assert.That(Full.ImageId, Is.EqualTo(second));
        });
    }

    [Test, Order(2)]
    public void Layers_of_an_older_archive_do_not_come_back_out_of_the_cache()
    {
        using var change = checkout.Change("summary: one package", "summary: just one package");

        var outcome = Passes("--target=FullImage");

        Assert.That(Full.Version, Is.EqualTo("1.1"), outcome.Output);
    }

    [Test, Order(3)]
    public void Lock_holds_the_versions_and_names_what_can_not_be_had()
    {
        var locked = Passes("--target=FullImage", "--update-lock");
        var unchanged = Passes("--target=FullImage");
        // The archive has the locked version beside a newer one, and is asked again by way of another Dockerfile.
        archive.Hold(("refreshed", "1.1", "refreshed-data"), ("refreshed", "1.2", ""), ("refreshed-data", "1.0", ""));
        using var other = Checkout.ChangeFile(checkout.Dockerfile, "apt-get clean", "apt-get  clean");
        var held = Passes("--target=FullImage");
        archive.Hold(("refreshed", "1.2", ""));
        using var third = Checkout.ChangeFile(checkout.Dockerfile, "apt-get  clean", "apt-get   clean");
        var lost = checkout.Run("--target=FullImage");
        var refused = checkout.Run("--target=FullImage", "--refresh");
        var updated = Passes("--target=FullImage", "--refresh", "--update-lock");

        Assert.Multiple(() =>
        {
            Assert.That(locked.Output, Does.Contain($"recipes/{checkout.Recipe}/debian.lock holds "));
            Assert.That(unchanged.Output, Does.Contain("FullImage: unchanged"), "the lock is of this image");
            Assert.That(held.Output, Does.Contain("FullImage: again").And.Not.Contain("in another version"));
            Assert.That(lost.Status, Is.Not.Zero);
            Assert.That(lost.Output, Does.Contain("refreshed is locked to 1.1, and the archive gave 1.2").And.Contain("--refresh --update-lock"));
            Assert.That(refused.Status, Is.Not.Zero);
            Assert.That(refused.Output, Does.Contain("debian.lock holds the versions; add --update-lock"));
            Assert.That(updated.Output, Does.Contain("refreshed       1.1 -> 1.2").And.Contain("refreshed-data  1.0, gone"));
            Assert.That(File.ReadAllText(Lock), Does.Contain("\nrefreshed 1.2\n"));
        });
    }

    private Outcome Passes(params string[] arguments)
    {
        var outcome = checkout.Run(arguments);
        Assert.That(outcome.Status, Is.Zero, outcome.Output);
        return outcome;
    }
}
