using Gfxbake.Formats.Strace;

namespace Gfxbake.Unit.Tests.Formats.Strace;

public class TraceSummaryTests
{
    [TestCase(AccessOutcome.Missing, AccessOutcome.Found, AccessOutcome.Found)]
    [TestCase(AccessOutcome.Found, AccessOutcome.Failed, AccessOutcome.Found)]
    [TestCase(AccessOutcome.Failed, AccessOutcome.Missing, AccessOutcome.Failed)]
    [TestCase(AccessOutcome.Missing, AccessOutcome.Missing, AccessOutcome.Missing)]
    public void Best_outcome_wins(AccessOutcome first, AccessOutcome second, AccessOutcome result)
    {
        var one = new TraceSummaryBuilder();
        one.Add("w", [Access("/a", first), Access("/a", second)]);
        var two = new TraceSummaryBuilder();
        two.Add("v", [Access("/a", first)]);
        two.Add("w", [Access("/a", second)]);

        Assert.That(one.Build().Paths.Single().Outcome, Is.EqualTo(result));
        Assert.That(two.Build().Paths.Single().Outcome, Is.EqualTo(result));
    }

    [Test]
    public void Paths_are_in_ordinal_order_with_their_workloads_and_calls()
    {
        var builder = new TraceSummaryBuilder();
        builder.Add("server", [Access("/b", call: "stat"), Access("/a/x"), Access("/b", call: "openat"), Access("/b", call: "stat")]);
        builder.Add("bench", [Access("/B"), Access("/b", call: "access")]);

        IReadOnlyList<TracedPath> paths = builder.Build().Paths;

        Assert.That(paths.Select(path => path.Path), Is.EqualTo(["/B", "/a/x", "/b"]));
        Assert.That(paths[2].Workloads, Is.EqualTo(["bench", "server"]));
        Assert.That(paths[2].Calls, Is.EqualTo(["access", "openat", "stat"]));
    }

    [Test]
    public void Workloads_are_counted()
    {
        var builder = new TraceSummaryBuilder();
        builder.Add(
            "log",
            TraceLog.Reader("""100 rename("/a", "/b") = 0""", "100 vfork() = 101", "101 +++ exited with 0 +++", TraceLog.Exit)
        );
        builder.Add("list", [Access("/a"), Access("/b")]);

        Assert.That(builder.Build().Workloads, Is.EqualTo([new WorkloadCounts("log", 4, 2, 2), new WorkloadCounts("list", 0, 2, 1)]));
    }

    [Test]
    public void Bad_log_leaves_the_summary_as_it_was()
    {
        var builder = new TraceSummaryBuilder();
        Assert.Throws<TraceFormatException>(() => builder.Add("bad", TraceLog.Reader("""100 access("/a", F_OK) = 0""")));

        Assert.That(builder.Build().Paths, Is.Empty);
        Assert.That(() => builder.Add("bad", [Access("/a")]), Throws.Nothing);
    }

    [Test]
    public void Workload_is_added_once()
    {
        var builder = new TraceSummaryBuilder();
        builder.Add("w", []);

        Assert.That(() => builder.Add("w", []), Throws.ArgumentException);
    }

    private static TracedAccess Access(string path, AccessOutcome outcome = AccessOutcome.Found, string call = "openat") =>
        new(100, call, path, outcome);
}
