using Gfxbake.Pipeline.Bench;

namespace Gfxbake.Host.Tests.Engine;

/// <summary>The target Bench with the debian variant's minimal image and its tiny model, on the CPU and on the null GPU.</summary>
[Category(Needs.Engine)]
[Category(Needs.MinimalImage)]
[NonParallelizable]
public sealed class BenchTests
{
    private const string Model = "artifacts/llama-cpp-gfx1151/debian/models/tiny-f16.gguf";

    private string root = "";

    // A checkout of its own: the build lock and the measurements of this one stay as they are.
    [SetUp]
    public void Make()
    {
        root = Directory.CreateTempSubdirectory("gfxbake-bench").FullName;
        Link("recipes");
        Link("docker");
        Link("artifacts/llama-cpp-gfx1151/debian/kits");
        Link("artifacts/llama-cpp-gfx1151/debian/models");
        File.Copy(Path.Combine(Checkout.RepositoryRoot, "cake.config"), Path.Combine(root, "cake.config"));
    }

    [TearDown]
    public void Remove() => Directory.Delete(root, recursive: true);

    [Test]
    public void Interrupted_measurement_goes_on_and_is_compared_and_drawn()
    {
        string[] measure = ["--device=cpu", "--profile=try", "--depths=0,64", "--samples=3", "--output=" + At("a.json")];
        Assert.That(Bench("--model=" + At(Model), measure).Status, Is.Zero);
        var whole = BenchFiles.Read(At("a.json"));
        Assert.That(whole.Runs.Single().Missing, Is.Empty);
        Assert.That(whole.Runs.Single().Heading, Does.EndWith("on the CPU: no measurement of a GPU"));

        // As an interruption after the first depth leaves it.
        var half = whole.Runs[0] with
        {
            Series = [.. whole.Runs[0].Series.Select(s => s with { Points = [s.Points[0]] })],
        };
        BenchFiles.Write(At("a.json"), whole with { Runs = [half] });
        Assert.That(
            Bench("--plot=" + At("a.json")).Output,
            Does.Contain("a.json is not complete").And.Contain("pp64 at depth 64: 0 of 3 samples")
        );

        Assert.That(Bench("--model=" + At(Model), measure).Output, Does.Contain("Goes on with").And.Not.Contain("depth      0"));
        var again = BenchFiles.Read(At("a.json")).Runs.Single();
        Assert.That((again.Missing.Count, again.Sittings), Is.EqualTo((0, 2)));
        Assert.That(
            again.Series[0].Points[0],
            Is.EqualTo(whole.Runs[0].Series[0].Points[0]).UsingPropertiesComparer(),
            "the first depth is kept"
        );

        BenchFiles.Write(At("b.json"), whole);
        Assert.That(Bench($"--compare={At("a.json")},{At("b.json")}").Output, Does.Contain("B/A"));
        Assert.That(File.ReadAllText(At("a.svg")), Does.Contain("no measurement of a GPU"));
    }

    [Test]
    public void Null_gpu_is_proven_and_named()
    {
        var outcome = Bench("--model=" + At(Model), "--device=null-hsa", "--profile=try", "--output=" + At("n.json"));

        Assert.That(outcome.Status, Is.Zero, outcome.Output);
        Assert.That(outcome.Output, Does.Contain("computes nothing: the null GPU"));
        var device = BenchFiles.Read(At("n.json")).Runs.Single().Device;
        Assert.That(device.IsMeasurement, Is.False);
        Assert.That(device.Proof, Does.Contain("offloaded 3/3 layers to GPU").And.Contain("gfxbake-nullgpu: dispatches "));
    }

    [Test]
    public void What_is_wrong_is_told()
    {
        Assert.That(Bench().Output, Does.Contain("Bench needs --model=, --compare= or --plot=, for instance ./build.sh --target=Bench"));
        Assert.That(
            Bench("--model=" + At(Model), "--profile=long").Output,
            Does.Contain("--profile is 'long'; known: campaign, short, try")
        );
        Assert.That(Bench("--model=" + At(Model), "--depths=0,x").Output, Does.Contain("--depths is '0,x'; it is up to 64 numbers"));
        Assert.That(Bench("--compare=a.json").Output, Does.Contain("it is two files"));
        Assert.That(
            Bench("--model=" + At(Model), "--device=cpu", "--profile=try", "--", "--n-depth", "7").Output,
            Does.Contain("llama-bench measured pp64 at depth 7, which nobody asked for")
        );
    }

    private string At(string name) => Path.Combine(root, name);

    private void Link(string name)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(At(name))!);
        Directory.CreateSymbolicLink(At(name), Path.Combine(Checkout.RepositoryRoot, name));
    }

    private Outcome Bench(string first, params IEnumerable<string> more) => Bench([first, .. more]);

    // One thread: two would spin against each other on a busy machine.
    private Outcome Bench(params string[] arguments) =>
        Command.Run([
            "dotnet",
            "exec",
            typeof(BuildContext).Assembly.Location,
            "--working=" + root,
            "--target=Bench",
            .. arguments,
            .. arguments.Contains("--") || !arguments.Any(a => a.StartsWith("--model", StringComparison.Ordinal))
                ? []
                : new[] { "--", "--threads", "1" },
        ]);
}
