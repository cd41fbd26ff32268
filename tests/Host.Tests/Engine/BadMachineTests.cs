namespace Gfxbake.Host.Tests.Engine;

/// <summary>A machine without an engine, without a network, with a full disk. Mounting and unsharing need root.</summary>
[TestFixture("podman")]
[Category(Needs.Engine)]
[NonParallelizable]
public sealed class BadMachineTests(string engine)
{
    [Test]
    public void Missing_engine_is_an_error_with_the_remedy()
    {
        using var checkout = new Checkout(engine, withBase: false);
        var folder = Directory.CreateDirectory(Path.Combine(checkout.Root, "bin")).FullName;
        foreach (var program in new[] { "dotnet", "env" })
            File.CreateSymbolicLink(Path.Combine(folder, program), OnPath(program));

        var outcome = Run(checkout, ["env", "PATH=" + folder], "--target=MinimalImage", "--engine=auto");

        Fails(outcome, checkout, "no docker or podman on PATH", "--provision");
    }

    [Test]
    public void Missing_network_is_an_error_with_the_end_of_the_log()
    {
        using var checkout = new Checkout(engine, withBase: false);

        var outcome = Run(checkout, ["unshare", "--net"], "--target=MinimalImage", "--provision");

        Fails(outcome, checkout, "mmdebstrap failed", "base.log", "Next: check the network");
        Assert.That(Directory.EnumerateFileSystemEntries(checkout.Bases), Is.Empty);
    }

    [Test]
    public void Full_disk_at_the_export_is_named_and_leaves_no_export()
    {
        using var checkout = new Checkout(engine);
        using var disk = new SmallDisk(Path.Combine(checkout.Root, "artifacts", checkout.Recipe), megabytes: 60);

        Fails(checkout.Run("--target=FullImage"), checkout, "FullImage: the disk is full", "Next: free space");
        Assert.That(checkout.Artifact("full.tar"), Does.Not.Exist);
    }

    [Test]
    public void Full_disk_at_the_layers_is_named_and_leaves_no_layer()
    {
        using var checkout = new Checkout(engine);
        using var disk = new SmallDisk(Path.Combine(checkout.Root, "artifacts", checkout.Recipe), megabytes: 600);
        Assert.That(checkout.Run("--target=PlanPrune"), Has.Property(nameof(Outcome.Status)).Zero);
        disk.FillUpTo(kilobytes: 1000);

        Fails(checkout.Run("--target=MinimalCandidate", "--exclusive"), checkout, "MinimalCandidate: the disk is full", "Next: free space");
        Assert.That(checkout.Artifact("candidate.json"), Does.Not.Exist);
    }

    [TestCase("SaveMinimalImage")]
    [TestCase("SaveMinimalImageZst")]
    public void Full_disk_at_the_archive_is_named_and_leaves_no_archive(string target)
    {
        using var checkout = new Checkout(engine);
        Assert.That(checkout.Run("--target=MinimalImage"), Has.Property(nameof(Outcome.Status)).Zero);
        using var disk = new SmallDisk(Path.Combine(checkout.Root, "artifacts", "images"), megabytes: 1);

        Fails(checkout.Run($"--target={target}", "--exclusive"), checkout, $"{target}: the disk is full", "Next: free space");
        Assert.That(Directory.EnumerateFileSystemEntries(Path.Combine(checkout.Root, "artifacts", "images")), Is.Empty);
    }

    private static Outcome Run(Checkout checkout, string[] wrapper, params string[] arguments)
    {
        using var process = checkout.Start(wrapper, arguments);
        return Checkout.Finish(process);
    }

    private static void Fails(Outcome outcome, Checkout checkout, params string[] said) =>
        Assert.Multiple(() =>
        {
            Assert.That(outcome.Status, Is.Not.Zero);
            foreach (var text in said)
                Assert.That(outcome.Output, Does.Contain(text));
            Assert.That(outcome.Output, Does.Not.Contain("   at Gfxbake."), "a stack trace is not for people");
            Assert.That(checkout.HalfDone(), Is.Empty);
            Assert.That(checkout.ContainersLeft(), Is.Empty);
        });

    private static string OnPath(string program) =>
        Environment.GetEnvironmentVariable("PATH")!.Split(':').Select(d => Path.Combine(d, program)).First(File.Exists);

    /// <summary>A file system in memory with an end.</summary>
    private sealed class SmallDisk : IDisposable
    {
        private readonly string folder;

        public SmallDisk(string folder, int megabytes)
        {
            this.folder = folder;
            Directory.CreateDirectory(folder);
            Done(Command.Run("mount", "-t", "tmpfs", "-o", $"size={megabytes}m", "gfxbake-test", folder));
        }

        public void FillUpTo(long kilobytes)
        {
            using var file = File.Create(Path.Combine(folder, "filler"));
            var length = new DriveInfo(folder).AvailableFreeSpace - (kilobytes << 10);
            Done(Command.Run("fallocate", "--length", length.ToString(), file.Name));
        }

        public void Dispose() => Done(Command.Run("umount", folder));

        private static void Done(Outcome outcome) => Assert.That(outcome.Status, Is.Zero, outcome.Output);
    }
}
