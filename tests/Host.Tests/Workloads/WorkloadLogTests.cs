using Gfxbake.Host.Tests.Fakes;
using Gfxbake.Pipeline.Trace;

namespace Gfxbake.Host.Tests.Workloads;

[TestFixture]
internal sealed class WorkloadLogTests
{
    private static readonly WorkloadResult Failed = new()
    {
        Name = "run",
        ExitCode = 3,
        Stdout = "one\ntwo\n",
        Stderr = "loading\n\tmodel \u202ex\nboom",
        Answers = [new HttpAnswer("GET /health", 503, "{}")],
    };

    [Test]
    public void Output_errors_and_answers_stand_there_as_they_came()
    {
        using var fixture = new Fixture();
        var file = System.IO.Path.Combine(fixture.Root.FullPath, "traces", "run.log");

        WorkloadLog.Write(file, Failed);

        Assert.That(
            File.ReadAllText(file),
            Is.EqualTo(
                "exit status 3\n\n==== GET /health answered 503\n{}\n\n==== standard output\none\ntwo\n\n==== standard error\nloading\n"
                    + "\tmodel \u202ex\nboom\n"
            )
        );
    }

    [Test]
    public void Ending_is_the_last_of_the_errors_made_harmless() =>
        Assert.That(
            WorkloadLog.Ending(Failed, "a.log"),
            Is.EqualTo("the end of its output (a.log has all of it):\n      loading\n          model \\u202ex\n      boom")
        );

    [Test]
    public void Ending_is_eight_lines_of_the_output_where_there_are_no_errors()
    {
        var text = string.Concat(Enumerable.Range(1, 20).Select(i => $"line {i}\n"));

        Assert.That(
            WorkloadLog.Ending(Failed with { Stdout = text, Stderr = "\n" }, "a.log").Split('\n').Skip(1).Select(l => l.Trim()),
            Is.EqualTo(Enumerable.Range(13, 8).Select(i => $"line {i}"))
        );
    }

    [Test]
    public void Program_that_printed_nothing_is_said_to() =>
        Assert.That(WorkloadLog.Ending(Failed with { Stdout = "", Stderr = "" }, "a.log"), Is.EqualTo("it printed nothing (a.log)"));
}
