using Gfxbake.Pipeline.Trace;
using Gfxbake.Recipes.Model;

namespace Gfxbake.Unit.Tests.Pipeline.Trace;

public sealed class WorkloadCheckTests
{
    private static Workload Workload =>
        new()
        {
            Name = "w",
            Command = ["x"],
            Expect = ["found 1 ROCm devices"],
            Reject = ["^failed to initialize"],
            Compare = WorkloadCompare.Stdout,
            Ignore = [@"\d+ ms"],
        };

    private static WorkloadResult Result(string stdout, string stderr = "found 1 ROCm devices", int status = 0) =>
        new()
        {
            Name = "w",
            ExitCode = status,
            Stdout = stdout,
            Stderr = stderr,
        };

    private static Workload Server(HttpProbe probe) =>
        Workload with
        {
            Expect = [],
            Serve = new Serve
            {
                Port = 1,
                Ready = "/",
                Requests = [probe],
            },
        };

    // A program that took another way launches other kernels, and may still say the same.
    [TestCase("dispatches 7 barriers 2", null)]
    [TestCase("dispatches 8 barriers 1", "on the null GPU: differs at line 1: full 'dispatches 7', minimal 'dispatches 8'")]
    [TestCase("", "on the null GPU: differs at line 1: full 'dispatches 7', minimal ''")]
    public void What_a_device_counts_must_be_the_same(string stderr, string? difference)
    {
        var device = new Device
        {
            Title = "the null GPU",
            Api = DeviceApi.Hsa,
            Computes = false,
            Kit = new DeviceKit { From = "hsa" },
            Same = [@"dispatches \d+"],
        };

        var differences = WorkloadCheck.Differences(
            Workload.RunOn(device),
            Result("text", "dispatches 7 barriers 1"),
            Result("text", stderr)
        );

        Assert.That(differences, Is.EqualTo(difference is null ? [] : new[] { difference }));
    }

    [Test]
    public void Run_passes_when_status_and_expectations_hold() => Assert.That(WorkloadCheck.Problems(Workload, Result("text")), Is.Empty);

    [TestCase("", "nothing here", 0, "the output lacks /found 1 ROCm devices/")]
    [TestCase(
        "",
        "found 1 ROCm devices\nfailed to initialize ROCm",
        0,
        "the output has /^failed to initialize/: failed to initialize ROCm"
    )]
    [TestCase("", "found 1 ROCm devices", 134, "exit status 134: found 1 ROCm devices")]
    public void Run_fails_when_something_is_off(string stdout, string stderr, int status, string problem) =>
        Assert.That(WorkloadCheck.Problems(Workload, Result(stdout, stderr, status)), Is.EqualTo(new[] { problem }));

    [Test]
    public void Run_fails_when_it_did_not_end() =>
        Assert.That(
            WorkloadCheck.Problems(Workload, Result("") with { ExitCode = 124, Failure = "did not end within 5 s" }),
            Is.EqualTo(new[] { "did not end within 5 s" })
        );

    [TestCase("one\ntw", "", 0, true, Description = "the end is missing")]
    [TestCase("", "", 0, true)]
    [TestCase("one\ntwo", "", 0, true, Description = "only the other stream's end is missing")]
    [TestCase("one\nother", "", 0, false, Description = "something else is no beginning")]
    [TestCase("one\ntwo and more", "", 0, false)]
    [TestCase("one", "", 1, false)]
    [TestCase("one", "failed to initialize", 0, false)]
    public void Program_that_ended_well_in_the_middle_of_its_words_is_told(string stdout, string stderr, int status, bool isCut) =>
        Assert.That(WorkloadCheck.IsCutShort(Workload, Result("one\ntwo"), Result(stdout, stderr, status)), Is.EqualTo(isCut));

    [Test]
    public void Where_no_text_is_compared_a_program_is_cut_short_that_lacks_what_is_expected()
    {
        Assert.That(WorkloadCheck.IsCutShort(Workload, null, Result("one", "")), Is.True);
        Assert.That(WorkloadCheck.IsCutShort(Workload, null, Result("one")), Is.False);
        Assert.That(WorkloadCheck.IsCutShort(Server(new HttpProbe { Path = "/" }), null, Result("one", "")), Is.False);
    }

    // A server too, and whatever the text is that it gave then.
    [TestCase("watchdog timed out after 15 s", 0, true)]
    [TestCase("watchdog timed out after 15 s", 1, false)]
    [TestCase("no GPU", 0, false)]
    public void Program_that_gave_up_by_itself_runs_again_where_the_recipe_says_so(string stderr, int status, bool again)
    {
        var workload = Server(new HttpProbe { Path = "/", Compare = true }) with { Again = [@"timed out after \d+ s"] };

        Assert.That(WorkloadCheck.GaveUp(workload, Result("two", stderr, status)), Is.EqualTo(again));
        Assert.That(WorkloadCheck.MayRunAgain(workload, Result("one"), Result("two", stderr, status)), Is.EqualTo(again));
        Assert.That(WorkloadCheck.IsCutShort(workload, Result("one"), Result("two", stderr, status)), Is.False);
    }

    [Test]
    public void Comparison_leaves_out_what_varies() =>
        Assert.That(WorkloadCheck.Differences(Workload, Result("a\nb in 12 ms"), Result("a\nb in 9 ms")), Is.Empty);

    [Test]
    public void Comparison_names_the_first_line_that_differs() =>
        Assert.That(
            WorkloadCheck.Differences(Workload, Result("a\nb"), Result("a\nc")),
            Is.EqualTo(new[] { "stdout differs at line 2: full 'b', minimal 'c'" })
        );

    [Test]
    public void Comparison_sees_output_that_ends_early() =>
        Assert.That(WorkloadCheck.Differences(Workload, Result("a\nb"), Result("a")), Has.Count.EqualTo(1));

    [TestCase(404, "no such page", "GET /ui answered 404, not 200: no such page")]
    [TestCase(200, "something else", "GET /ui's answer lacks /<html/: something else")]
    [TestCase(0, "refused", "GET /ui got no answer: refused")]
    public void Server_fails_when_an_answer_is_off(int status, string body, string problem)
    {
        var workload = Server(new HttpProbe { Path = "/ui", Expect = ["<html"] });

        Assert.That(
            WorkloadCheck.Problems(workload, Result("") with { Answers = [new HttpAnswer("GET /ui", status, body)] }),
            Is.EqualTo(new[] { problem })
        );
    }

    [Test]
    public void Server_fails_when_an_answer_is_missing() =>
        Assert.That(WorkloadCheck.Problems(Server(new HttpProbe { Path = "/" }), Result("")), Is.EqualTo(new[] { "GET / got no answer" }));

    [Test]
    public void Request_that_got_no_answer_is_told_once()
    {
        var workload = Server(new HttpProbe { Path = "/c", Compare = true }) with { Compare = WorkloadCompare.None };
        var full = Result("") with { Answers = [new HttpAnswer("GET /c", 200, "x")] };

        Assert.Multiple(() =>
        {
            Assert.That(
                WorkloadCheck.Differences(workload, full, Result("") with { Answers = [new HttpAnswer("GET /c", 0, "refused")] }),
                Is.Empty
            );
            Assert.That(WorkloadCheck.Differences(workload, full, Result("") with { Failure = "the server ended" }), Is.Empty);
        });
    }

    [Test]
    public void Server_answers_are_compared_where_the_recipe_says_so()
    {
        var workload = Server(
            new HttpProbe
            {
                Path = "/c",
                Json = "{}",
                Compare = true,
                Ignore = ["\"t\":\\d+"],
            }
        );
        var full = Result("") with { Answers = [new HttpAnswer("POST /c", 200, "{\"t\":1,\"x\":2}")] };

        Assert.Multiple(() =>
        {
            Assert.That(
                WorkloadCheck.Differences(
                    workload,
                    full,
                    Result("") with
                    {
                        Answers = [new HttpAnswer("POST /c", 200, "{\"t\":9,\"x\":2}")],
                    }
                ),
                Is.Empty
            );
            Assert.That(
                WorkloadCheck.Differences(
                    workload,
                    full,
                    Result("") with
                    {
                        Answers = [new HttpAnswer("POST /c", 200, "{\"t\":9,\"x\":3}")],
                    }
                ),
                Has.Count.EqualTo(1)
            );
        });
    }

    [TestCase("did not end within 2 s", "", "tool ask did not end within 2 s")]
    [TestCase(null, "error", "tool ask: the output lacks /^yes/: error")]
    [TestCase(null, "no\nyes", null)]
    public void Client_must_end_well_and_say_what_is_expected(string? failure, string output, string? problem)
    {
        var result = Result("") with { Clients = [new ClientAnswer(output, failure)] };

        Assert.That(WorkloadCheck.Problems(Asking, result), Is.EqualTo(problem is null ? [] : new[] { problem }));
    }

    [Test]
    public void Client_that_was_not_run_is_a_problem() =>
        Assert.That(WorkloadCheck.Problems(Asking, Result("")), Is.EqualTo(new[] { "tool ask was not run" }));

    [TestCase("yes in 9 ms", null)]
    [TestCase("yes and no in 9 ms", "tool ask: stdout differs at line 1: full 'yes in', minimal 'yes and no in'")]
    public void Client_s_output_is_compared_where_the_recipe_says_so(string output, string? difference)
    {
        var full = Result("") with { Clients = [new ClientAnswer("yes in 12 ms", null)] };
        var minimal = Result("") with { Clients = [new ClientAnswer(output, null)] };

        Assert.That(WorkloadCheck.Differences(Asking, full, minimal), Is.EqualTo(difference is null ? [] : new[] { difference }));
        Assert.That(WorkloadCheck.Differences(Asking, full, Result("") with { Clients = [new ClientAnswer("", "failed")] }), Is.Empty);
    }

    private static Workload Asking
    {
        get
        {
            var client = new ClientProbe
            {
                Command = ["tool", "ask"],
                Expect = ["^yes"],
                Compare = true,
                Ignore = [@"\d+ ms"],
            };
            var server = Server(new HttpProbe { Path = "/" }) with { Compare = WorkloadCompare.None };
            return server with { Serve = server.Serve! with { Requests = [], Clients = [client] } };
        }
    }
}
