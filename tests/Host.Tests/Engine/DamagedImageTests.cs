using System.Formats.Tar;
using Gfxbake.Formats.Files;
using Gfxbake.Formats.Images;
using Gfxbake.Pipeline.Minimal;

namespace Gfxbake.Host.Tests.Engine;

/// <summary>
/// Damages the candidate image, its record, its name and the export that it is made of, in each engine: nothing of it gets the minimal
/// image's name.
/// </summary>
[TestFixtureSource(typeof(Engines))]
[Category(Needs.Engine)]
[NonParallelizable]
public sealed class DamagedImageTests(string engine)
{
    private Checkout checkout = null!;
    private string id = null!;

    [OneTimeSetUp]
    public void Build()
    {
        checkout = new Checkout(engine);
        var outcome = checkout.Run("--target=MinimalImage", "--provision");
        Assert.That(outcome.Status, Is.Zero, outcome.Output);
        id = Candidate.ImageId;
    }

    [OneTimeTearDown]
    public void Delete() => checkout.Dispose();

    [TestCase("ADD planted.tar /", "/usr/bin/su: a file of 4 bytes with mode 4755 that the plan does not keep")]
    [TestCase("ADD changed.tar /", "/etc/group: other content: SHA-256 ")]
    [TestCase("USER root", "User is root, not gfxbake")]
    [TestCase("ENTRYPOINT [\"/usr/bin/dash\"]", "Entrypoint is [\"/usr/bin/dash\"], not [\"hard\"]")]
    [TestCase("ENV LD_LIBRARY_PATH=/tmp", "Env LD_LIBRARY_PATH is /tmp, and should not be there")]
    [TestCase("HEALTHCHECK NONE", "Healthcheck Test is [\"NONE\"], not ")]
    [TestCase("LABEL gfxbake.gpu=gfx900", "Label gfxbake.gpu is gfx900, not gfx1100")]
    public void Verification_fails_and_says_what_differs(string instruction, string sentence)
    {
        var damaged = Damaged(instruction);
        using var record = Checkout.ChangeFile(checkout.Artifact("candidate.json"), id, damaged);

        var outcome = checkout.Run("--target=VerifyMinimal", "--exclusive");
        var named = checkout.Run("--target=MinimalImage", "--exclusive");

        Assert.Multiple(() =>
        {
            Assert.That(outcome.Status, Is.Not.Zero);
            Assert.That(outcome.Output, Does.Contain(sentence).And.Contain("rm artifacts/").And.Not.Contain("add a keep rule"));
            Assert.That(named.Status, Is.Not.Zero, named.Output);
            Assert.That(IdOf("minimal"), Is.EqualTo(id));
        });
        checkout.Engine("rmi", "--force", damaged);
        File.Delete(checkout.Artifact("verify.json"));
    }

    [Test]
    public void Name_that_moves_between_verification_and_naming_changes_nothing()
    {
        var other = Damaged("USER root");
        File.Delete(checkout.Artifact("minimal.json"));
        checkout.Engine("rmi", checkout.Image("minimal"));
        Assert.That(checkout.Run("--target=VerifyMinimal").Status, Is.Zero);

        checkout.Engine("tag", other, checkout.Image("candidate"));
        var outcome = checkout.Run("--target=MinimalImage", "--exclusive");

        Assert.Multiple(() =>
        {
            Assert.That(outcome.Status, Is.Zero, outcome.Output);
            Assert.That(IdOf("minimal"), Is.EqualTo(id), "the image that was verified");
        });
        checkout.Engine("tag", id, checkout.Image("candidate"));
        checkout.Engine("rmi", "--force", other);
    }

    [Test]
    public void Name_that_moves_while_the_build_runs_never_names_the_other_image()
    {
        var other = Damaged("USER root");
        checkout.Engine("rmi", checkout.Image("minimal"));
        foreach (var file in new[] { "minimal.json", "candidate.json", "verify.json" })
            File.Delete(checkout.Artifact(file));
        using var build = checkout.Start([], "--target=MinimalImage");
        var running = Task.Run(() => Checkout.Finish(build));
        var seen = new HashSet<string>();
        while (!running.IsCompleted)
        {
            checkout.Engine("tag", other, checkout.Image("candidate"));
            seen.Add(IdOf("minimal"));
        }

        seen.Add(IdOf("minimal"));

        Assert.Multiple(() =>
        {
            Assert.That(seen, Does.Not.Contain(other), running.Result.Output);
            Assert.That(running.Result.Status == 0 ? Minimal.ImageId : IdOf("minimal"), Is.EqualTo(IdOf("minimal")), running.Result.Output);
        });
        var repaired = checkout.Run("--target=MinimalImage");
        Assert.That(repaired.Status, Is.Zero, repaired.Output);
        checkout.Engine("rmi", "--force", other);
    }

    [Test]
    public void Export_that_somebody_wrote_to_is_made_again()
    {
        Zero("/etc/group");

        var outcome = checkout.Run("--target=MinimalImage");

        Assert.Multiple(() =>
        {
            Assert.That(outcome.Status, Is.Zero, outcome.Output);
            Assert.That(outcome.Output, Does.Contain("FullImage: again, because its result is gone"));
            Assert.That(IdOf("minimal"), Is.EqualTo(Minimal.ImageId));
        });
    }

    [Test]
    public void Export_that_is_damaged_unseen_fails_the_candidate_with_the_path()
    {
        var tar = checkout.Artifact("full.tar");
        var time = File.GetLastWriteTimeUtc(tar);
        Zero("/etc/group");
        File.SetLastWriteTimeUtc(tar, time);
        File.Delete(checkout.Artifact("candidate.json"));

        var outcome = checkout.Run("--target=MinimalImage");
        File.Delete(tar);
        var repaired = checkout.Run("--target=MinimalImage");

        Assert.Multiple(() =>
        {
            Assert.That(outcome.Status, Is.Not.Zero);
            Assert.That(
                outcome.Output,
                Does.Contain("/etc/group: other content").And.Contain($"Next: rm artifacts/{checkout.Recipe}/debian/full.tar")
            );
            Assert.That(repaired.Status, Is.Zero, repaired.Output);
        });
    }

    [Test]
    public void Image_that_took_the_name_is_not_saved_but_the_verified_one()
    {
        var other = Damaged("USER root");
        checkout.Engine("tag", other, checkout.Image("minimal"));

        var outcome = checkout.Run("--target=SaveMinimalImage", "--exclusive");
        var saved = IdOf("minimal");
        checkout.Engine("rmi", "--force", other);

        Assert.Multiple(() =>
        {
            Assert.That(outcome.Status, Is.Zero, outcome.Output);
            Assert.That(saved, Is.EqualTo(id), "the name that is in the archive");
        });
    }

    private MinimalRecord Candidate => RecordFile.TryRead<MinimalRecord>(checkout.Artifact("candidate.json"))!;

    private MinimalRecord Minimal => RecordFile.TryRead<MinimalRecord>(checkout.Artifact("minimal.json"))!;

    private string IdOf(string kind) => Inspect(checkout.Image(kind));

    private string Inspect(string image) =>
        checkout.Engine("image", "inspect", "--format", "{{.Id}}", image) is { Status: 0 } said
            ? said.Output.Trim().Replace("sha256:", "")
            : "";

    /// <summary>Builds an image on the candidate; gives its id.</summary>
    private string Damaged(string instruction)
    {
        var folder = Directory.CreateTempSubdirectory("gfxbake-damaged");
        Write(Path.Combine(folder.FullName, "planted.tar"), "usr/bin/su", "evil"u8.ToArray(), (UnixFileMode)0x9ed);
        var group = Content("/etc/group");
        group[0] ^= 1;
        Write(Path.Combine(folder.FullName, "changed.tar"), "etc/group", group, (UnixFileMode)0x1a4);
        File.WriteAllText(Path.Combine(folder.FullName, "Dockerfile"), $"FROM {checkout.Image("candidate")}\n{instruction}\n");
        var name = $"localhost/{checkout.Recipe}:damaged-{Guid.NewGuid():n}";
        var built = checkout.Engine("build", "--tag", name, folder.FullName);
        folder.Delete(recursive: true);
        Assert.That(built.Status, Is.Zero, built.Output);
        return Inspect(name);
    }

    private byte[] Content(string path)
    {
        using var full = ImageFileSystem.Open(checkout.Artifact("full.tar"));
        using var stream = full.OpenFile(full.Find(path)!);
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }

    private void Zero(string path)
    {
        long offset;
        using (var full = ImageFileSystem.Open(checkout.Artifact("full.tar")))
            offset = full.Find(path)!.DataOffset;
        using var file = File.OpenWrite(checkout.Artifact("full.tar"));
        file.Position = offset;
        file.Write(new byte[16]);
    }

    private static void Write(string tar, string name, byte[] content, UnixFileMode mode)
    {
        using var output = File.Create(tar);
        using var writer = new TarWriter(output, TarEntryFormat.Ustar);
        writer.WriteEntry(new UstarTarEntry(TarEntryType.RegularFile, name) { DataStream = new MemoryStream(content), Mode = mode });
    }
}
