using Gfxbake.Formats.Files;
using Gfxbake.Host.Tests.Fakes;
using Gfxbake.Pipeline.Trace;
using Gfxbake.Recipes.Model;

namespace Gfxbake.Host.Tests.Workloads;

[TestFixture]
internal sealed class WorkloadJudgeTests
{
    private SampleBuild build = null!;

    private string Log => build.PathOf("artifacts/sample/debian/logs/failed-run.log");

    [SetUp]
    public void SetUp()
    {
        build = new SampleBuild();
        _ = new ScriptEngine(build);
        RecordFile.Write(
            build.PathOf("artifacts/sample/debian/traces/run.json"),
            new WorkloadResult
            {
                Name = "run",
                ExitCode = 0,
                Stdout = "",
                Stderr = "",
            }
        );
    }

    [TearDown]
    public void TearDown() => build.Dispose();

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

    private WorkloadVerdict Judge(string script) =>
        Runners
            .Judge(build.Open())
            .Judge(
                new Workload
                {
                    Name = "run",
                    Command = ["/bin/sh", "-c", script],
                    Timeout = 20,
                },
                "image",
                "same"
            );
}
