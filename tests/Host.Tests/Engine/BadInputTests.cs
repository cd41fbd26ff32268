using System.Text.RegularExpressions;
using Gfxbake.Formats.Files;
using Gfxbake.Pipeline.Minimal;

namespace Gfxbake.Host.Tests.Engine;

/// <summary>
/// Wrong words, damaged files, failing workloads on a checkout that is built: one clear error, a status that is not 0, nothing half done.
/// </summary>
[TestFixture("podman")]
[Category(Needs.Engine)]
[NonParallelizable]
public sealed class BadInputTests(string engine)
{
    private static readonly string[] Records =
    [
        "base.json",
        "full.json",
        "trace.json",
        "plan-inputs.json",
        "plan.json",
        "candidate.json",
        "verify.json",
        "minimal.json",
    ];

    private Checkout checkout = null!;
    private string minimal = "";

    [OneTimeSetUp]
    public void Build()
    {
        checkout = new Checkout(engine);
        var outcome = checkout.Run("--target=MinimalImage", "--provision");
        Assert.That(outcome.Status, Is.Zero, outcome.Output);
        minimal = Id("minimal");
    }

    [OneTimeTearDown]
    public void Delete() => checkout.Dispose();

    [TestCase("--target=Nope", "'Nope'")]
    [TestCase("--recipe=nope", "unknown recipe 'nope'; known: hard-cases-")]
    [TestCase("--variant=nope", "unknown variant 'nope'", "known: debian")]
    [TestCase("--engine=rkt", "--engine is 'rkt'; known: docker, podman, auto")]
    [TestCase("--nonsense=1", "unknown argument --nonsense", "known: --target, --back-to")]
    public void Unknown_word_is_an_error_with_the_known_ones(string argument, params string[] said) =>
        Fails(
            checkout.Run(argument.StartsWith("--target", StringComparison.Ordinal) ? [argument] : ["--target=MinimalImage", argument]),
            [.. said],
            not: "STEP"
        );

    [TestCase("license: MIT", "license: MIT\ncolour: red", "recipe.yml:", "colour")]
    [TestCase("gpu: gfx1100", "gpu: gfx1210", "recipe.yml:", "unknown gpu 'gfx1210'", "gfx1151")]
    [TestCase("license: MIT\n", "", "recipe.yml", "license")]
    public void Wrong_recipe_is_an_error_with_file_and_line(string from, string to, params string[] said)
    {
        using (checkout.Change(from, to))
            Fails(checkout.Run("--target=MinimalImage"), said, not: "STEP");
    }

    [TestCase("command: [hard]", "command: [hard, fail]", "exit", "3")]
    [TestCase("command: [hard]\n    timeout: 20", "command: [hard, hang]\n    timeout: 1", "did not end within 5 s")]
    public void Failing_workload_is_named_and_writes_no_trace(string from, string to, params string[] said)
    {
        var before = File.ReadAllText(checkout.Artifact("trace.json"));
        using (checkout.Change(from, to))
            Fails(checkout.Run("--target=TraceImage"), ["workload cases", "traces/cases.log", .. said]);

        Assert.That(File.ReadAllText(checkout.Artifact("trace.json")), Is.EqualTo(before));
    }

    [Test]
    public void Image_that_lacks_a_library_is_not_verified_and_not_named()
    {
        const string library = "/usr/lib/x86_64-linux-gnu/libhardplugin.so.1.0";
        var file = checkout.Artifact("candidate.json");
        var good = File.ReadAllText(file);
        try
        {
            var pruned = checkout.Image("trace");
            Remove(library, pruned);
            File.WriteAllText(file, good.Replace(checkout.Image("candidate"), pruned).Replace(Id("candidate"), Id("trace")));

            Fails(
                checkout.Run("--target=VerifyMinimal", "--exclusive"),
                ["is not proven", $"{library}: missing", "  cases\n", "dlopen by name"]
            );
            Fails(checkout.Run("--target=MinimalImage", "--exclusive"), ["not verified"]);
            Assert.That(Id("minimal"), Is.EqualTo(minimal), "the name stays with the verified image");
        }
        finally
        {
            File.WriteAllText(file, good);
        }

        Recovers();
    }

    [Test]
    public void Export_with_a_damaged_header_is_refused_with_file_and_byte()
    {
        var file = checkout.Artifact("full.tar");
        File.Delete(checkout.Artifact("plan-inputs.json"));
        const int inMode = 512 + 100;
        // Damage of the disk leaves the time as it was; anything else would only make the export anew.
        var time = File.GetLastWriteTimeUtc(file);
        Flip(file, inMode);
        File.SetLastWriteTimeUtc(file, time);
        try
        {
            Fails(checkout.Run("--target=MinimalImage"), ["full.tar: byte 512", "checksum", "Next: rm artifacts/"]);
        }
        finally
        {
            File.Delete(file);
        }

        Recovers();
    }

    [Test]
    public void Cut_export_is_made_again()
    {
        using (var stream = File.OpenWrite(checkout.Artifact("full.tar")))
            stream.SetLength(stream.Length - 512);
        Assert.That(Recovers(), Does.Contain("FullImage: again, because its result is gone"));
    }

    [TestCase("{}")]
    [TestCase("null")]
    [TestCase("{\"inputs\": {")]
    public void Damaged_records_are_made_again(string text)
    {
        foreach (var record in Records)
            File.WriteAllText(checkout.Artifact(record), text);

        Assert.That(Recovers(), Does.Contain("TraceImage: again, because trace.json is damaged or of an older form"));
    }

    [Test]
    public void Damaged_plan_is_named_where_it_is_read_and_planned_again()
    {
        File.WriteAllText(checkout.Artifact("plan.json"), "{ \"paths\": [");

        Fails(checkout.Run("--target=Why", "--path=/tmp"), ["plan.json: line", "PlanPrune"]);
        Assert.That(Recovers(), Does.Contain("PlanPrune: again"));
    }

    [Test]
    public void Second_run_waits_and_says_for_whom()
    {
        using var edit = checkout.EndDockerfileWith("sleep 6");
        using var first = new RunningBuild(checkout.Start([], "--target=FullImage"));
        first.WaitForText("RUN sleep 6");
        using var second = new RunningBuild(checkout.Start([], "--target=FullImage"));
        second.WaitForText($"Waiting: another build works on this checkout: process {first.Id}");

        var limit = TimeSpan.FromSeconds(60);
        Assert.That(first.End(limit).Status, Is.Zero, first.Output);
        Assert.That(second.End(limit).Status, Is.Zero, second.Output);
        Assert.That(second.Output, Does.Contain("FullImage: unchanged"));
    }

    private void Fails(Outcome outcome, string[] said, string? not = null)
    {
        Assert.Multiple(() =>
        {
            Assert.That(outcome.Status, Is.Not.Zero, outcome.Output);
            foreach (var text in said)
                Assert.That(outcome.Output, Does.Contain(text));
            if (not is not null)
                Assert.That(outcome.Output, Does.Not.Contain(not));
            Assert.That(outcome.Output, Does.Not.Contain("   at Gfxbake."), "a stack trace is not for people");
            Assert.That(checkout.HalfDone(), Is.Empty);
            Assert.That(checkout.ContainersLeft(), Is.Empty);
        });
    }

    /// <summary>The next whole run gives the same image as ever.</summary>
    private string Recovers()
    {
        var outcome = checkout.Run("--target=MinimalImage");
        Assert.That(outcome.Status, Is.Zero, outcome.Output);
        Assert.That(Id("minimal"), Is.EqualTo(minimal));
        Assert.That(RecordFile.TryRead<MinimalRecord>(checkout.Artifact("minimal.json"))!.ImageId, Is.EqualTo(minimal));
        return outcome.Output;
    }

    private string Id(string kind) =>
        Regex.Match(checkout.Engine("image", "inspect", "--format", "{{.Id}}", checkout.Image(kind)).Output, "[0-9a-f]{64}").Value;

    /// <summary>Tags the candidate without one file; the base image's tools delete it, because the candidate has none.</summary>
    private void Remove(string file, string image)
    {
        var folder = Directory.CreateDirectory(Path.Combine(checkout.Root, "derived")).FullName;
        File.WriteAllText(
            Path.Combine(folder, "Dockerfile"),
            $"""
            FROM {checkout.Image("candidate")}
            USER root
            RUN --mount=type=bind,from={checkout.Image("base")},target=/mnt \
              ["/mnt/usr/lib64/ld-linux-x86-64.so.2", "--library-path", "/mnt/usr/lib/x86_64-linux-gnu", "/mnt/usr/bin/rm", "{file}"]
            USER gfxbake
            """
        );
        var outcome = checkout.Engine("build", "--tag", image, folder);
        Assert.That(outcome.Status, Is.Zero, outcome.Output);
    }

    private static void Flip(string file, long at)
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.ReadWrite);
        stream.Position = at;
        var value = stream.ReadByte();
        stream.Position = at;
        stream.WriteByte((byte)(value ^ 1));
    }
}
