using Gfxbake.Host.Tests.Fakes;
using Gfxbake.Pipeline.Steps;
using Gfxbake.Pipeline.Trace;
using Gfxbake.Recipes.Model;

namespace Gfxbake.Host.Tests.Workloads;

// Most of the time these wait: for bash, and for the end of what hangs.
[TestFixture]
[Parallelizable(ParallelScope.All)]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class WorkloadRunnerTests : IDisposable
{
    private readonly SampleBuild build = new();
    private readonly ScriptEngine engine;

    public WorkloadRunnerTests() => engine = new ScriptEngine(build);

    public void Dispose() => build.Dispose();

    [Test]
    public void Output_and_errors_are_kept_apart()
    {
        var result = Run("echo out; echo err >&2");

        Assert.Multiple(() =>
        {
            Assert.That(result.Stdout, Is.EqualTo("out\n"));
            Assert.That(result.Stderr, Is.EqualTo("err\n"));
            Assert.That(result.ExitCode, Is.Zero);
            Assert.That(result.Failure, Is.Null);
        });
    }

    [TestCase(1)]
    [TestCase(139)]
    public void Exit_status_is_the_programs(int status) => Assert.That(Run($"exit {status}").ExitCode, Is.EqualTo(status));

    [Test]
    public void Program_that_hangs_is_ended_and_its_container_removed()
    {
        var result = Run("echo started; exec sleep 60", seconds: 1);

        Assert.Multiple(() =>
        {
            Assert.That(result.Failure, Is.EqualTo("did not end within 1 s"));
            Assert.That(result.ExitCode, Is.EqualTo(124));
            Assert.That(result.Stdout, Is.EqualTo("started\n"));
            Assert.That(engine.Calls[^1], Does.StartWith("rm --force --volumes --time 0 gfxbake-"));
            Assert.That(engine.Runs, Is.False);
        });
    }

    [Test]
    public void Program_that_hangs_is_ended_even_where_the_engine_cannot_remove_it()
    {
        engine.Break();

        Assert.That(Run("exec sleep 60", seconds: 1).Failure, Is.EqualTo("did not end within 1 s"));
    }

    [Test]
    public void Endless_output_is_cut_and_the_program_still_ends()
    {
        var result = Run("head -c 10000000 /dev/zero | tr '\\0' x; echo done >&2");

        Assert.Multiple(() =>
        {
            Assert.That(result.ExitCode, Is.Zero);
            Assert.That(result.Stdout, Has.Length.InRange(4 << 20, (4 << 20) + (1 << 14)));
            Assert.That(result.Stderr, Is.EqualTo("done\n"));
        });
    }

    [Test]
    public void Device_is_mounted_and_set_up_only_where_it_is_asked_for()
    {
        Run("true");
        var device = build.Open().Book.Devices["still"].For("gfx1151");
        Runners.Workloads(build.Open()).Run(Shell("true", 20).RunOn(device), "image");
        var runs = engine.Calls.Where(c => c.Contains("--entrypoint")).ToList();

        Assert.Multiple(() =>
        {
            Assert.That(runs[0], Does.Not.Contain(Device.Kits));
            Assert.That(runs[1], Does.Contain($"--volume {build.PathOf("artifacts/sample/debian/kits/still")}:/opt/gfxbake/still:ro"));
            Assert.That(runs[1], Does.Contain("--env GPU=/opt/gfxbake/still/gpu.so"));
            Assert.That(runs[1], Does.Not.Contain("LD_"), "the image's own ROCr is the one that is tried");
        });
    }

    [Test]
    public void Traced_program_leaves_its_log()
    {
        engine.Trace("echo 1 exit > \"$TRACE/strace\"");
        var log = build.PathOf("artifacts/sample/debian/traces/run.strace");

        var result = Runners.Workloads(build.Open()).RunTraced(Shell("echo out", 20), "image", log);

        Assert.Multiple(() =>
        {
            Assert.That(result.Stdout, Is.EqualTo("out\n"));
            Assert.That(File.ReadAllText(log), Is.EqualTo("1 exit\n"));
        });
    }

    [Test]
    public void Missing_log_is_an_error_with_the_programs_words() =>
        Assert.That(
            () => RunTraced("echo ptrace is forbidden >&2"),
            Throws.TypeOf<StepException>().With.Message.EqualTo("workload run: strace wrote no log: ptrace is forbidden")
        );

    // The folder is the container's to write: what lies there may be anything.
    [TestCase("echo 1 exit > \"$TRACE/other\"; ln -s other \"$TRACE/strace\"")]
    [TestCase("mkfifo \"$TRACE/strace\"")]
    [TestCase("mkdir \"$TRACE/strace\"")]
    public void Log_that_is_no_file_is_refused(string script)
    {
        engine.Trace(script);

        Assert.That(() => RunTraced("true"), Throws.TypeOf<StepException>().With.Message.StartsWith("workload run: strace wrote no log"));
    }

    private static Workload Shell(string script, int seconds) =>
        new()
        {
            Name = "run",
            Command = ["bash", "-c", script],
            Timeout = seconds,
        };

    private WorkloadResult Run(string script, int seconds = 20) => Runners.Workloads(build.Open()).Run(Shell(script, seconds), "image");

    private void RunTraced(string script) =>
        Runners.Workloads(build.Open()).RunTraced(Shell(script, 20), "image", build.PathOf("artifacts/log"));
}
