using System.Text.Json;
using Cake.Core;
using Gfxbake.Host.Tasks.Rocm;
using Gfxbake.Host.Tests.Engine;
using Gfxbake.Host.Tests.Fakes;

namespace Gfxbake.Host.Tests.Tasks;

/// <summary>The target CheckOllama, with the repository's ollama-log.yml.</summary>
[NonParallelizable]
internal sealed class CheckOllamaTests
{
    private SampleBuild build = null!;

    [SetUp]
    public void SetUp()
    {
        build = new SampleBuild();
        File.Copy(
            Path.Combine(Checkout.RepositoryRoot, "recipes", "_shared", "ollama-log.yml"),
            build.PathOf("recipes/_shared/ollama-log.yml")
        );
        foreach (var log in new[] { "0.32-igpu.log", "0.32-cpu.log" })
            File.Copy(Path.Combine(Checkout.RepositoryRoot, "tests", "fixtures", "ollama-logs", log), build.PathOf(log));
    }

    [TearDown]
    public void TearDown() => build.Dispose();

    [Test]
    public void Gpu_is_told_and_passes() =>
        Assert.That(
            Run(("log", "0.32-igpu.log")),
            Does.StartWith(
                    "Ollama 0.32.15\n"
                        + "GPU      ROCm gfx1151, AMD Radeon 8060S Graphics, iGPU, 96.0 GiB (95.1 GiB\n"
                        + "         free), libraries in ollama,rocm_system\n"
                )
                .And.Contain("set      OLLAMA_LLM_LIBRARY=rocm_system\n")
        );

    [Test]
    public void Log_without_a_gpu_fails_after_the_report() =>
        Assert.That(
            () => Run(("log", build.PathOf("0.32-cpu.log"))),
            Throws.TypeOf<CakeException>().With.Message.EndsWith("0.32-cpu.log: Ollama has no GPU: the CPU computes.")
        );

    [Test]
    public void Json_is_all_that_is_printed()
    {
        using var json = JsonDocument.Parse(Run(("log", "0.32-igpu.log"), ("json", "")));

        Assert.That(json.RootElement.GetProperty("usesGpu").GetBoolean(), Is.True);
        Assert.That(json.RootElement.GetProperty("verdict").GetString(), Is.EqualTo("Taken"));
    }

    [TestCase("nowhere.log", "is not there; name a log, or - for standard input")]
    [TestCase("recipes", "is a directory; name a log, or - for standard input")]
    public void Log_that_is_none_is_an_error(string log, string said) =>
        Assert.That(() => Run(("log", log)), Throws.TypeOf<CakeException>().With.Message.EndsWith(said));

    [Test]
    public void Without_a_log_and_a_journal_the_error_has_an_example() =>
        Assert.That(
            () => Run(),
            Throws.TypeOf<CakeException>().With.Message.Contains("./build.sh --target=CheckOllama --log=ollama.log; without it")
        );

    [TestCase("0.32-igpu.log", 0)]
    [TestCase("0.32-cpu.log", 1)]
    public void Status_of_the_program_says_whether_a_gpu_is_used(string log, int status)
    {
        var outcome = Command.Run(
            "dotnet",
            "exec",
            typeof(BuildContext).Assembly.Location,
            $"--working={Checkout.RepositoryRoot}",
            "CheckOllama",
            $"--log={build.PathOf(log)}",
            "--json"
        );

        Assert.That(outcome.Status, Is.EqualTo(status), outcome.Output);
        Assert.That(outcome.Output, Does.Contain("\"version\": \"0.32.15\""));
    }

    private string Run(params (string Name, string Value)[] arguments)
    {
        return StandardOutput.Of(() =>
        {
            build.CommandLine = new CommandLine([]);
            new CheckOllama().Run(build.Open(arguments));
        });
    }
}
