using Cake.Core;
using Gfxbake.Formats.Gguf;
using Gfxbake.Host.Tasks.Run;
using Gfxbake.Host.Tests.Engine;
using Gfxbake.Host.Tests.Fakes;
using Gfxbake.Pipeline.Bench;
using Gfxbake.Pipeline.Run;
using Gfxbake.Recipes.Reading;

namespace Gfxbake.Host.Tests.Tasks;

/// <summary>The target Bench up to where a program would start, and with measurements that are there.</summary>
[TestFixture]
[NonParallelizable]
internal sealed class BenchTargetTests
{
    private const string Rule = """
        run:
          options: {model: model, projector: mmproj, context: ctx-size, parallel: parallel, cache_type: cache-type-k}
          defaults: {load-mode: none, gpu-layers: '999', temp: '1'}
          modes:
            bench: {program: sample-bench, only: {load-mode: load-mode, gpu-layers: n-gpu-layers}}
          same:
            - [--load-mode none, --mmap 0]

        """;

    // An older build: load-mode is not there yet.
    private const string Help = """
          -m, --model <filename>     model path to load
          -ngl, --n-gpu-layers <n>   layers
          -mmp, --mmap <0|1>         how
          -t, --threads <n>          threads
        """;

    private SampleBuild build = null!;

    [SetUp]
    public void SetUp()
    {
        build = new SampleBuild();
        build.Fixture.AddTool("podman");
        build.Machine = new HostTree(build.PathOf("machine"));
        build.Change("workloads:", Rule + "workloads:");
        foreach (var name in new[] { "bench.yml", "doctor.yml" })
            File.Copy(Path.Combine(Checkout.RepositoryRoot, "recipes", "_shared", name), build.PathOf("recipes/_shared/" + name), true);
        build.Processes.Answer = call =>
            call.Arguments.Contains("--help", StringComparison.Ordinal) ? new ProcessAnswer(0, Help.Split('\n'))
            : call.Arguments.Contains("json .Config.Labels", StringComparison.Ordinal) ? new ProcessAnswer(0, "null")
            : call.Arguments.Contains("localhost/sample:debian-minimal", StringComparison.Ordinal) ? new ProcessAnswer(0, "0123")
            : new ProcessAnswer(0, "sample engine 1.0");
        using var stream = File.Create(build.PathOf("tiny.gguf"));
        RecipeBook.Open(Path.Combine(Checkout.RepositoryRoot, "recipes")).Models["llama"].Write("llama", 1, GgufTensorType.F16, stream);
    }

    [TearDown]
    public void TearDown() => build.Dispose();

    [Test]
    public void Command_has_the_mode_s_options_as_the_image_knows_them()
    {
        build.CommandLine = CommandLine.Read(["bench", "--", "--threads", "1"]);

        var text = Run(("model", "tiny.gguf"), ("device", "cpu"), ("depths", "8192,0"), ("print-only", "true"));

        Assert.That(text, Does.StartWith("It computes on the CPU.\n"));
        Assert.That(
            string.Join(' ', text.Split([' ', '\\', '\n'], StringSplitOptions.RemoveEmptyEntries)),
            Does.EndWith(
                "--entrypoint sample-bench 0123 --model /models/tiny.gguf --n-gpu-layers 999 --mmap 0 --threads 1 --output jsonl --verbose "
                    + "--n-prompt 512 --n-gen 128 --n-depth 0,8192 --repetitions 3"
            )
        );
        Assert.That(text, Does.Contain("--network=none").And.Contain("--cap-drop=all").And.Not.Contain("--device"));
        Assert.That(build.PathOf("artifacts/lock"), Does.Not.Exist, "nothing is changed");
    }

    [TestCase("", "Bench needs --model=, --compare= or --plot=, for instance ./build.sh --target=Bench --model=gpt-oss-20b")]
    [TestCase("model=tiny.gguf profile=long", "--profile is 'long'; known: campaign, short, try")]
    [TestCase("model=tiny.gguf depths=-1", "--depths is '-1'; it is up to 64 numbers of tokens with commas, each from 0 to 16777216")]
    [TestCase("model=tiny.gguf samples=0", "--samples is '0'; it is how often each point is measured, 1 to 100")]
    [TestCase("model=tiny.gguf,none.gguf", "--model=none.gguf: ")]
    [TestCase("compare=a.json", "--compare=a.json: it is two files, for instance ./build.sh --target=Bench --compare=a.json,b.json")]
    [TestCase("compare=a.json,b.json", "a.json: ")]
    [TestCase("plot=tiny.gguf", "tiny.gguf: it is no bench.json: ")]
    public void What_is_wrong_is_told(string arguments, string message) =>
        Assert.That(
            () => Run([.. arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(a => a.Split('=')).Select(a => (a[0], a[1]))]),
            Throws.TypeOf<CakeException>().With.Message.StartsWith(message)
        );

    [Test]
    public void Recipe_without_a_mode_for_it_is_told()
    {
        build.Change("bench: {program: sample-bench", "other: {program: sample-bench");

        Assert.That(
            () => Run(("model", "tiny.gguf")),
            Throws.TypeOf<CakeException>().With.Message.StartsWith("the recipe sample does not say what measures models (run.modes.bench)")
        );
    }

    [Test]
    public void Measurements_are_compared_and_drawn()
    {
        BenchFiles.Write(build.PathOf("a.json"), Measured(100));
        BenchFiles.Write(build.PathOf("b.json"), Measured(200));

        Assert.That(Run(("compare", "a.json,b.json")), Does.Contain("1.99  faster"));
        Assert.That(Run(("plot", "a.json,b.json"), ("output", "c.svg")), Does.EndWith("c.svg\n"));
        Assert.That(File.ReadAllText(build.PathOf("c.svg")), Does.Contain("no measurement of a GPU"));
    }

    private static BenchFile Measured(double rate) =>
        new()
        {
            Schema = BenchFile.CurrentSchema,
            Runs =
            [
                new()
                {
                    Title = "it",
                    Subject = new() { Name = "sample debian", Versions = new Dictionary<string, string>() },
                    Model = new("tiny", "sha256:1", 1),
                    Device = new("the CPU", false, true),
                    Host = new Dictionary<string, string>(),
                    Settings = new Dictionary<string, string>(),
                    Series =
                    [
                        new()
                        {
                            Name = "pp512",
                            Unit = "tokens/s",
                            Axis = "depth",
                            Wanted = [0],
                            Samples = 3,
                            Points = [new(0, [rate, rate + 1, rate + 2])],
                        },
                    ],
                    Started = DateTimeOffset.UnixEpoch,
                    Ended = DateTimeOffset.UnixEpoch,
                },
            ],
        };

    private string Run(params (string Name, string Value)[] arguments)
    {
        return StandardOutput.Of(() =>
        {
            new Bench().Run(build.Open(arguments));
        });
    }
}
