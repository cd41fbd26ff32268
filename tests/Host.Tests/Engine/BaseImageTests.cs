using Gfxbake.Formats.Archives;
using Gfxbake.Formats.Files;
using Gfxbake.Pipeline.Base;
using Gfxbake.Pipeline.Steps;
using Gfxbake.Recipes.Reading;

namespace Gfxbake.Host.Tests.Engine;

/// <summary>A bootstrapped base is the same image on every machine, or no cache of another machine would fit what is built on it.</summary>
[TestFixtureSource(typeof(Engines))]
[Category(Needs.Engine)]
[NonParallelizable]
public sealed class BaseImageTests(string engine)
{
    private Checkout checkout = null!;

    [OneTimeSetUp]
    public void Build()
    {
        checkout = new Checkout(engine);
        var outcome = checkout.Run("--target=BaseImage", "--provision");
        Assert.That(outcome.Status, Is.Zero, outcome.Output);
    }

    [OneTimeTearDown]
    public void Delete() => checkout.Dispose();

    [Test]
    public void Base_has_the_same_id_when_its_tar_is_newer()
    {
        var before = Base();
        // Other checkouts have the same base, so only a tar of other bytes is loaded anew for sure.
        File.AppendAllText(Tar, new string('\0', 10240));
        File.SetLastWriteTimeUtc(Tar, DateTime.UtcNow.AddHours(-5));
        var longer = Again();
        Remove(longer);
        File.SetLastWriteTimeUtc(Tar, DateTime.UtcNow);
        var again = Again();
        Remove(again);

        Assert.That(longer.ImageId, Is.Not.EqualTo(before.ImageId));
        Assert.That(again.ImageId, Is.EqualTo(longer.ImageId));
    }

    [Test]
    public void Base_that_somebody_took_away_is_put_back_by_the_step_that_needs_it()
    {
        // Of other bytes, or the image would stay with the names that other checkouts gave it.
        File.AppendAllText(Tar, new string('\0', 20480));
        var record = Again();
        Remove(record);
        Assert.That(checkout.Engine("image", "inspect", record.ImageId).Status, Is.Not.Zero);

        var outcome = checkout.Run("--target=FullImage", "--exclusive");

        Assert.That(outcome.Status, Is.Zero, outcome.Output);
        Assert.That(checkout.Engine("image", "inspect", "--format", "{{.Id}}", record.Image).Output, Does.Contain(record.ImageId));
    }

    [Test]
    public void Base_for_other_builders_is_an_image_that_runs_and_has_the_same_id()
    {
        if (engine == "docker")
            Assert.Ignore("docker pulls from registries only");
        // podman makes a name of the path, and names have no capitals.
        var folder = Path.Combine(Path.GetTempPath(), checkout.Recipe);
        OciLayoutWriter.Write(Tar, folder);

        var pull = checkout.Engine("pull", "--quiet", "oci:" + folder);
        Directory.Delete(folder, recursive: true);

        Assert.That(pull.Status, Is.Zero, pull.Output);
        Assert.That(
            checkout.Engine("run", "--rm", "--network", "none", pull.Output.Trim(), "cat", "/etc/debian_version").Output,
            Does.Contain("sid")
        );
        Assert.That(pull.Output.Trim(), Is.EqualTo(Base().ImageId));
        checkout.Engine("untag", $"localhost{folder}:latest");
    }

    /// <summary>The recipe's own: a repository that has been used for a while has older ones beside it.</summary>
    private string Tar
    {
        get
        {
            var recipe = RecipeBook.Open(Path.Combine(checkout.Root, "recipes")).Read(checkout.Recipe);
            return new BuildPaths(checkout.Root, recipe.Name, checkout.Variant).BaseTar(
                Fingerprint.Of(recipe.Variants[checkout.Variant].Base.Bootstrap)
            );
        }
    }

    private BaseRecord Base() => RecordFile.TryRead<BaseRecord>(checkout.Artifact("base.json"))!;

    private BaseRecord Again()
    {
        File.Delete(checkout.Artifact("base.json"));
        var outcome = checkout.Run("--target=BaseImage");
        Assert.That(outcome.Status, Is.Zero, outcome.Output);
        return Base();
    }

    private void Remove(BaseRecord record) => checkout.Engine("rmi", "--force", record.Image);
}
