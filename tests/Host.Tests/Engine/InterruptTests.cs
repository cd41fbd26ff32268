using System.Runtime.InteropServices;
using System.Text.RegularExpressions;

namespace Gfxbake.Host.Tests.Engine;

/// <summary>
/// Ctrl-C and SIGTERM in each step: the signal's status, nothing left on the disk, in the engine or among the processes, and the next run
/// goes on.
/// </summary>
[TestFixture("podman")]
[Category(Needs.Engine)]
[NonParallelizable]
public sealed partial class InterruptTests(string engine)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private Checkout checkout = null!;

    [OneTimeSetUp]
    public void Build()
    {
        checkout = new Checkout(engine);
        Succeeds("--target=MinimalImage", "--provision");
    }

    [OneTimeTearDown]
    public void Delete() => checkout.Dispose();

    [TestCase(PosixSignal.SIGINT)]
    [TestCase(PosixSignal.SIGTERM)]
    public void Bootstrap_interrupted_leaves_neither_base_nor_temporary_folder(PosixSignal signal)
    {
        using var bare = new Checkout(engine, withBase: false);
        var log = bare.Artifact("logs", "base.log");

        Interrupt(
            bare,
            signal,
            ["--target=BaseImage"],
            _ => File.Exists(log) && File.ReadAllText(log).Contains("installing essential"),
            "installing essential packages"
        );

        Assert.Multiple(() =>
        {
            Assert.That(Directory.EnumerateFiles(bare.Bases), Is.Empty);
            Assert.That(
                TemporaryFolder().Match(File.ReadAllText(log)) is { Success: true } used && Directory.Exists(used.Groups[1].Value),
                Is.False,
                "mmdebstrap's folder"
            );
        });
    }

    [TestCase(PosixSignal.SIGINT)]
    [TestCase(PosixSignal.SIGTERM)]
    public void Image_build_interrupted_leaves_no_working_container(PosixSignal signal)
    {
        using (checkout.EndDockerfileWith($"sleep 60 # {checkout.Recipe}"))
            Interrupt(checkout, signal, ["--target=FullImage"], build => build.Output.Contains("RUN sleep 60"), "the last RUN");
        Succeeds("--target=MinimalImage");
    }

    [Test]
    public void Export_interrupted_leaves_no_partial_file()
    {
        File.Delete(checkout.Artifact("full.json"));
        Interrupt(
            checkout,
            PosixSignal.SIGINT,
            ["--target=MinimalImage"],
            _ => File.Exists(checkout.Artifact("full.tar.partial")),
            "full.tar.partial"
        );
        Succeeds("--target=MinimalImage");
    }

    [TestCase(PosixSignal.SIGINT)]
    [TestCase(PosixSignal.SIGTERM)]
    public void Archive_interrupted_leaves_the_old_one_and_no_half_of_the_new(PosixSignal signal)
    {
        Succeeds("--target=SaveImageZst", "--exclusive", "--zstd=fast");
        var file = Path.Combine(checkout.Root, "artifacts", "images", $"{checkout.Recipe}-debian-full.tar.zst");
        var before = File.ReadAllBytes(file);

        // The highest level takes half a minute for this image.
        Interrupt(
            checkout,
            signal,
            ["--target=SaveImageZst", "--exclusive", "--zstd=max"],
            _ => File.Exists(file + ".partial"),
            "the archive's partial file"
        );

        Assert.That(File.ReadAllBytes(file), Is.EqualTo(before));
        Assert.That(
            File.ReadAllText(file + ".sha256"),
            Does.StartWith(Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(before)))
        );
    }

    [TestCase(PosixSignal.SIGINT)]
    [TestCase(PosixSignal.SIGTERM)]
    public void Engines_copy_of_an_image_is_gone_after_an_interrupted_save_or_load(PosixSignal signal)
    {
        Succeeds("--target=SaveImage", "--exclusive");
        var file = Path.Combine(checkout.Root, "artifacts", "images", $"{checkout.Recipe}-debian-full.tar");
        Interrupt(
            checkout,
            signal,
            ["--target=LoadImage", $"--file={file}"],
            _ => checkout.Temporary().Count > 0,
            "the copy that podman loads from"
        );
        File.Delete(file);

        Interrupt(
            checkout,
            signal,
            ["--target=SaveImage", "--exclusive"],
            _ => checkout.Temporary().Count > 0,
            "the copy that podman saves from"
        );
    }

    [TestCase(PosixSignal.SIGINT)]
    [TestCase(PosixSignal.SIGTERM)]
    public void Traced_workload_interrupted_leaves_no_container_and_no_record(PosixSignal signal)
    {
        var before = File.ReadAllText(checkout.Artifact("trace.json"));
        using (checkout.Change("command: [hard]", "command: [hard, hang]"))
        {
            Interrupt(
                checkout,
                signal,
                ["--target=TraceImage"],
                _ => File.Exists(checkout.Artifact("traces", "cases.strace.partial", "log", "strace")),
                "strace's log"
            );
        }

        Assert.That(File.ReadAllText(checkout.Artifact("trace.json")), Is.EqualTo(before));
        Succeeds("--target=MinimalImage");
    }

    [Test]
    public void Pruning_interrupted_goes_on_with_the_next_run()
    {
        File.Delete(checkout.Artifact("candidate.json"));
        Interrupt(
            checkout,
            PosixSignal.SIGINT,
            ["--target=MinimalImage"],
            build => build.Output.Contains("MinimalCandidate: "),
            "MinimalCandidate"
        );
        Succeeds("--target=MinimalImage");
    }

    [Test]
    public void Verification_interrupted_leaves_no_container()
    {
        using (checkout.Change("command: [hard]", "command: [hard, hang]"))
        {
            Interrupt(
                checkout,
                PosixSignal.SIGINT,
                ["--target=VerifyMinimal", "--exclusive"],
                _ => checkout.ContainersLeft().Count > 0,
                "the workload's container"
            );
        }

        Succeeds("--target=MinimalImage");
    }

    [Test]
    public void Waiting_for_the_lock_can_be_interrupted()
    {
        using var held = new FileStream(
            Path.Combine(checkout.Root, "artifacts", "lock"),
            FileMode.Open,
            FileAccess.ReadWrite,
            FileShare.None
        );
        using var build = new RunningBuild(checkout.Start([], "--target=MinimalImage"));
        build.WaitForText("Waiting: another build");
        build.Signal(PosixSignal.SIGINT);

        Assert.That(build.End(Limit).Status, Is.EqualTo(130), build.Output);
    }

    /// <summary>Starts a build, signals it once it is there, and checks what every interruption must leave: nothing.</summary>
    internal static void Interrupt(Checkout at, PosixSignal signal, string[] arguments, Func<RunningBuild, bool> reached, string what)
    {
        using var build = new RunningBuild(at.Start([], arguments));
        build.WaitUntil(() => reached(build), what);
        build.Signal(signal);
        var outcome = build.End(Limit);

        Assert.Multiple(() =>
        {
            Assert.That(outcome.Status, Is.EqualTo(signal == PosixSignal.SIGINT ? 130 : 143), outcome.Output);
            Assert.That(
                outcome.Output,
                Does.Contain("Interrupted by " + signal)
                    .And.Contain("Nothing half done is left")
                    .And.Not.Match("(?m)^Error:")
                    .And.Not.Contain("An error occurred"),
                outcome.Output
            );
            Assert.That(outcome.Output.Split("Interrupted by")[1].Split('\n'), Has.Length.EqualTo(3), "nothing but these two lines");
            Assert.That(at.HalfDone(), Is.Empty);
            Assert.That(at.Temporary(), Is.Empty, "the engine's copies");
            Assert.That(at.ContainersLeft(), Is.Empty);
            Assert.That(Processes(at), Is.Empty);
        });
    }

    private void Succeeds(params string[] arguments)
    {
        var outcome = checkout.Run(arguments);
        Assert.That(outcome.Status, Is.Zero, outcome.Output);
        Assert.That(outcome.Output, Does.Not.Contain("Waiting"));
    }

    /// <summary>Command lines of processes that name this checkout.</summary>
    private static List<string> Processes(Checkout at)
    {
        var found = new List<string>();
        foreach (var directory in Directory.EnumerateDirectories("/proc").Where(d => char.IsAsciiDigit(d[6])))
        {
            try
            {
                var line = File.ReadAllText(Path.Combine(directory, "cmdline")).Replace('\0', ' ');
                if (line.Contains(at.Recipe) || line.Contains(at.Root))
                    found.Add(line);
            }
            catch (IOException)
            {
                // It has just ended.
            }
        }

        return found;
    }

    [GeneratedRegex("using (/[^ ]+) as tempdir")]
    private static partial Regex TemporaryFolder();
}
