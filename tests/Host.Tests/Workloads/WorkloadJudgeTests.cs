using Gfxbake.Formats.Files;
using Gfxbake.Host.Tests.Fakes;
using Gfxbake.Pipeline.Trace;
using Gfxbake.Recipes.Model;

namespace Gfxbake.Host.Tests.Workloads;

[TestFixture]
internal sealed class WorkloadJudgeTests
{
    private JudgedSample sample = null!;

    private SampleBuild Build => sample.Build;

    private string Log => Build.PathOf("artifacts/sample/debian/logs/failed-run.log");

    [SetUp]
    public void SetUp() => sample = new JudgedSample();

    [TearDown]
    public void TearDown() => sample.Dispose();

    [Test]
    public void Failed_workload_shows_the_end_of_its_output_and_names_a_log_that_has_it_all()
    {
        var verdict = Judge("echo loading >&2; echo 'no such model' >&2; exit 3");

        Assert.Multiple(() =>
        {
            Assert.That(
                verdict.Problems[^1],
                Is.EqualTo(
                    "the end of its output (artifacts/sample/debian/logs/failed-run.log has all of it):\n      loading\n      no such model"
                )
            );
            Assert.That(
                File.ReadAllText(Log),
                Does.StartWith("exit status 3\n").And.EndWith("==== standard error\nloading\nno such model\n")
            );
        });
    }

    [Test]
    public void Workload_that_passes_has_no_problem_and_no_log()
    {
        Assert.That(Judge("true").Problems, Is.Empty);
        Assert.That(File.Exists(Log), Is.False);
    }

    [Test]
    public void Program_that_ended_well_in_the_middle_of_its_words_runs_once_more()
    {
        var told = Build.PathOf("told");

        Assert.That(Judge($"[ -e '{told}' ] && echo all of it; touch '{told}'", "all of it").Problems, Is.Empty);
        Assert.That(Build.Log, Has.Some.EndsWith("ended well but did not say all; once more"));
    }

    [Test]
    public void Program_that_never_says_all_fails_after_five_runs()
    {
        Assert.That(Judge("true", "all of it").Problems[0], Is.EqualTo("the output lacks /all of it/"));
        Assert.That(Build.Log.Count(l => l.EndsWith("once more", StringComparison.Ordinal)), Is.EqualTo(4));
    }

    // A device may be there only when an image is verified: of the workload that runs on it the full image has no result.
    [TestCase("-0.5074", true)]
    [TestCase("-0.53", false)]
    public void Numbers_are_held_against_those_of_another_workload_in_the_full_image(string logarithm, bool passes)
    {
        string Answer(string number) =>
            $"{{\"completion_probabilities\":[{{\"id\":5,\"token\":\"a\",\"logprob\":{number},\"top_logprobs\":[]}}]}}";
        RecordFile.Write(
            Build.PathOf("artifacts/sample/debian/traces/serve-cpu.json"),
            new WorkloadResult
            {
                Name = "serve-cpu",
                ExitCode = 0,
                Stdout = "",
                Stderr = "",
                Answers = [new HttpAnswer("POST /completion", 200, Answer("-0.5"))],
            }
        );
        using var server = new SampleServer((request, _) => request.Url!.AbsolutePath == "/completion" ? Answer(logarithm) : "ok");
        sample.Engine.Publish(server.Address);
        var request = new HttpProbe { Path = "/completion", Json = "{\"n_probs\":1}" };
        var limits = new NumberLimits
        {
            Against = "serve-cpu",
            Largest = 0.02,
            Least = 1,
        };
        var device = Serve("serve-device", request with { Numbers = limits });

        var verdict = Runners.Judge(Build.Open(), Serve("serve-cpu", request), device).Judge(device, "image", "same as full");

        Assert.Multiple(() =>
        {
            Assert.That(verdict.Numbers, Has.Count.EqualTo(1));
            Assert.That(verdict.Problems.Any(p => p.Contains("0.03 apart, 0.02 is allowed")), Is.EqualTo(!passes));
            Assert.That(
                Build.Log,
                Has.Some.EndsWith(passes ? "s  numbers within 0.0074 of serve-cpu's (limit 0.02, 1 compared)" : "s  FAILED")
            );
        });
    }

    private static Workload Serve(string name, HttpProbe request) =>
        new()
        {
            Name = name,
            Command = ["bash", "-c", "trap 'exit 0' TERM; while :; do sleep 0.05; done"],
            Timeout = 20,
            Serve = new Serve
            {
                Port = 8080,
                Ready = "/health",
                Requests = [request],
            },
        };

    private WorkloadVerdict Judge(string script, params string[] expect) => sample.Judge(JudgedSample.Run(script) with { Expect = expect });
}
