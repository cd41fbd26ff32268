using System.Text.Json;
using Gfxbake.Formats.Files;
using Gfxbake.Pipeline.Minimal;
using Gfxbake.Pipeline.Trace;
using Gfxbake.Pipeline.Verify;

namespace Gfxbake.Host.Tests.Engine;

/// <summary>The whole route on a small image with every case that pruning tools lose, in each engine that the machine has.</summary>
[TestFixtureSource(typeof(Engines))]
[Category(Needs.Engine)]
[NonParallelizable]
public sealed partial class HardCasesTests(string engine)
{
    private Checkout checkout = null!;

    [OneTimeSetUp]
    public void Build()
    {
        checkout = new Checkout(engine);
        KnowStandIn();
        var outcome = checkout.Run("--target=MinimalImage", "--provision");
        Assert.That(outcome.Status, Is.Zero, outcome.Output);
    }

    [OneTimeTearDown]
    public void Delete() => checkout.Dispose();

    [TestCase("/usr/lib/x86_64-linux-gnu/libhardplugin.so.1.0", "Traced")]
    [TestCase("/usr/lib/x86_64-linux-gnu/libhardrare.so.1", "DlopenedBy")]
    [TestCase("/opt/hard/statdir", "Traced")]
    [TestCase("/opt/hard/dangling", "Traced")]
    [TestCase("/usr/lib64/ld-linux-x86-64.so.2", "Interpreter")]
    [TestCase("/usr/bin/dash", "Traced")]
    public void Plan_keeps_a_path_with_its_reason(string path, string reason) =>
        Assert.That(Entry(path), Does.Contain("\"Keep\"").Or.Contain("keep").IgnoreCase.And.Contains(reason).IgnoreCase);

    [TestCase("/opt/hard/unused/waste")]
    [TestCase("/opt/hard/statdir/inside")]
    [TestCase("/usr/bin/perl")]
    public void Plan_drops_what_nothing_needs(string path) => Assert.That(Entry(path), Does.Contain("drop").IgnoreCase);

    [TestCase("tiny.gguf")]
    [TestCase("tone.wav")]
    public void Mounted_file_is_not_in_the_image(string name) =>
        Assert.That(File.ReadAllText(Path.Combine(checkout.Build, "plan.json")), Does.Not.Contain(name));

    // The server says what arrived; the recipe expects it, so a form that arrives otherwise fails the build.
    [Test]
    public void Form_reaches_a_server_with_its_file() =>
        Assert.That(
            RecordFile.TryRead<WorkloadResult>(checkout.Artifact("traces", "form.json"))!.Answers.Select(a => a.Body),
            Is.EqualTo(new[] { "file: tone.wav, 8044 bytes, sum 1022305\nlanguage: no file, 2 bytes, sum 211\n" })
        );

    [Test]
    public void Verification_ran_every_workload_and_passed()
    {
        var verify = RecordFile.TryRead<VerifyRecord>(Path.Combine(checkout.Build, "verify.json"))!;

        Assert.Multiple(() =>
        {
            Assert.That(verify.Passed, Is.True);
            Assert.That(verify.Workloads.Select(w => w.Name), Is.EqualTo(new[] { "files", "configuration", "paths", "cases", "form" }));
        });
    }

    [Test]
    public void Image_runs_as_its_user_with_health_check_and_labels()
    {
        var output = checkout.Engine("image", "inspect", checkout.Image("minimal")).Output;
        using var json = JsonDocument.Parse(output);
        var config = json.RootElement[0].GetProperty("Config");

        Assert.Multiple(() =>
        {
            Assert.That(config.GetProperty("User").GetString(), Is.EqualTo("gfxbake"));
            Assert.That(
                config.GetProperty("Labels").GetProperty("org.opencontainers.image.source").GetString(),
                Is.EqualTo("https://example.org/gfxbake/hard-cases")
            );
            Assert.That(config.GetProperty("Labels").GetProperty("org.opencontainers.image.version").GetString(), Is.Not.Empty);
            Assert.That(output, Does.Contain("/bin/true"), "the health check");
        });
    }

    [Test]
    public void Second_run_changes_nothing()
    {
        var before = File.GetLastWriteTimeUtc(Path.Combine(checkout.Build, "plan.json"));
        var outcome = checkout.Run("--target=MinimalImage");

        Assert.Multiple(() =>
        {
            Assert.That(outcome.Status, Is.Zero, outcome.Output);
            Assert.That(outcome.Output.Split("unchanged").Length - 1, Is.EqualTo(7), outcome.Output);
            Assert.That(
                outcome.Output,
                Does.Contain("verified on the CPU").And.Not.Contains("null GPU"),
                "no workload of this recipe wants a GPU"
            );
            Assert.That(File.GetLastWriteTimeUtc(Path.Combine(checkout.Build, "plan.json")), Is.EqualTo(before));
        });
    }

    [Test]
    public void Changed_keep_rule_redoes_the_plan_and_what_follows_alone()
    {
        using (checkout.Change("keep:\n", "keep:\n  - {path: /opt/hard/unused/waste, why: a test wants it}\n"))
        {
            var outcome = checkout.Run("--target=MinimalImage");

            Assert.Multiple(() =>
            {
                Assert.That(outcome.Status, Is.Zero, outcome.Output);
                Assert.That(outcome.Output, Does.Contain("FullImage: unchanged").And.Contains("TraceImage: unchanged"));
                Assert.That(outcome.Output, Does.Contain("PlanPrune: again, because of: keep rules of the recipe\n"));
                Assert.That(outcome.Output, Does.Contain("MinimalCandidate: again, because of: plan.json\n"));
                Assert.That(outcome.Output, Does.Contain("VerifyMinimal: again, because of: candidate image, plan.json\n"));
                Assert.That(Entry("/opt/hard/unused/waste"), Does.Contain("RecipeKeep"));
            });
        }

        Assert.That(checkout.Run("--target=MinimalImage").Status, Is.Zero, "the rule is gone again");
    }

    [Test]
    public void Image_built_again_has_the_same_digest()
    {
        var first = RecordFile.TryRead<MinimalRecord>(Path.Combine(checkout.Build, "minimal.json"))!;
        var layers = Layers();
        File.Delete(Path.Combine(checkout.Build, "candidate.json"));
        checkout.Engine("rmi", "--force", checkout.Image("candidate"), checkout.Image("minimal"));
        var outcome = checkout.Run("--target=MinimalImage");
        var second = RecordFile.TryRead<MinimalRecord>(Path.Combine(checkout.Build, "minimal.json"))!;

        Assert.Multiple(() =>
        {
            Assert.That(outcome.Status, Is.Zero, outcome.Output);
            Assert.That(second.RootFileSystem, Is.EqualTo(first.RootFileSystem));
            Assert.That(Layers(), Is.EqualTo(layers), "the engine's own layer digests");
        });
    }

    [Test]
    public void Why_prints_the_chain_to_a_root()
    {
        var outcome = checkout.Run("--target=Why", "--path=/lib64/ld-linux-x86-64.so.2");

        Assert.That(outcome.Output, Does.Contain("loader of").And.Contains("traced in    cases"), outcome.Output);
    }

    [TestCase("/no/such/thing")]
    public void Why_of_an_unknown_path_is_an_error(string path)
    {
        var outcome = checkout.Run("--target=Why", $"--path={path}");

        Assert.Multiple(() =>
        {
            Assert.That(outcome.Status, Is.Not.Zero);
            Assert.That(outcome.Output, Does.Contain(path));
        });
    }

    private string Layers() => checkout.Engine("image", "inspect", "--format", "{{.RootFS.Layers}}", checkout.Image("minimal")).Output;

    private string Entry(string path) =>
        File.ReadLines(Path.Combine(checkout.Build, "plan.json"))
            .Single(l => l.Contains($"\"{path}\"") && l.Contains("\"action\"") && l.IndexOf($"\"{path}\"", StringComparison.Ordinal) < 20);

    [Test]
    public void Export_is_the_same_twice_and_loads_back_as_the_same_image()
    {
        var id = RecordFile.TryRead<MinimalRecord>(checkout.Artifact("minimal.json"))!.ImageId;
        var file = Save();
        var first = File.ReadAllBytes(file);
        File.Delete(file);
        Assert.That(File.ReadAllBytes(Save()), Is.EqualTo(first));
        Assert.That(checkout.Run("--target=SaveMinimalImageZst", "--exclusive").Output, Does.Contain("SaveMinimalImageZst: unchanged"));
        Forget();

        var load = checkout.Run("--target=LoadImage", $"--file={file}");

        Assert.That(load.Status, Is.Zero, load.Output);
        Assert.That(load.Output, Does.Contain("every path is as it was verified"));
        Assert.That(checkout.Engine("image", "inspect", "--format", "{{.Id}}", checkout.Image("minimal")).Output, Does.Contain(id));
        checkout.Engine("tag", checkout.Image("minimal"), checkout.Image("candidate"));
        Assert.That(checkout.HalfDone(), Is.Empty);
    }

    [TestCase("flipped", "its SHA-256 is ")]
    [TestCase("cut", "its SHA-256 is ")]
    [TestCase("cut, with a checksum of its own", "it can't be unpacked: zstd: the data ends in the middle of a frame")]
    [TestCase("without checksum", ".sha256 is missing beside it")]
    public void Damaged_export_is_not_loaded(string how, string message)
    {
        var copy = Path.Combine(Path.GetDirectoryName(Save())!, "copy.tar.zst");
        var bytes = File.ReadAllBytes(Save());
        File.Copy(Save() + ".sha256", copy + ".sha256", overwrite: true);
        if (how == "flipped")
            bytes[bytes.Length / 2] ^= 1;
        File.WriteAllBytes(copy, how.StartsWith("cut", StringComparison.Ordinal) ? bytes[..^1000] : bytes);
        if (how.EndsWith("own", StringComparison.Ordinal))
        {
            File.WriteAllText(
                copy + ".sha256",
                Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(copy)))
            );
        }

        if (how == "without checksum")
            File.Delete(copy + ".sha256");

        var load = checkout.Run("--target=LoadImage", $"--file={copy}");

        Assert.That(load.Status, Is.Not.Zero);
        Assert.That(load.Output, Does.Contain(message).And.Contain("Next: "));
    }

    [Test]
    public void Oci_archive_loads_as_the_same_image()
    {
        if (engine == "docker")
            Assert.Ignore("docker loads OCI archives only where containerd keeps its images");
        var id = RecordFile.TryRead<MinimalRecord>(checkout.Artifact("minimal.json"))!.ImageId;
        var export = checkout.Run("--target=SaveMinimalImage", "--target=Export", "--exclusive");
        Assert.That(export.Status, Is.Zero, export.Output);
        Forget();

        var load = checkout.Engine(
            "load",
            "--input",
            Path.Combine(checkout.Root, "artifacts", "images", $"{checkout.Recipe}-debian-minimal.oci.tar")
        );

        Assert.That(load.Status, Is.Zero, load.Output);
        Assert.That(checkout.Engine("image", "inspect", "--format", "{{.Id}}", checkout.Image("minimal")).Output, Does.Contain(id));
        checkout.Engine("tag", checkout.Image("minimal"), checkout.Image("candidate"));
    }

    private string Save()
    {
        var file = Path.Combine(checkout.Root, "artifacts", "images", $"{checkout.Recipe}-debian-minimal.tar.zst");
        if (File.Exists(file))
            return file;
        var outcome = checkout.Run("--target=SaveMinimalImageZst", "--exclusive");
        Assert.That(outcome.Status, Is.Zero, outcome.Output);
        return file;
    }

    private void Forget()
    {
        foreach (var kind in new[] { "minimal", "candidate" })
            checkout.Engine("rmi", "--force", checkout.Image(kind));
        Assert.That(checkout.Engine("image", "inspect", checkout.Image("minimal")).Status, Is.Not.Zero);
    }
}
