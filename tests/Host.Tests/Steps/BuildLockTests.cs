using Gfxbake.Host.Steps;
using Gfxbake.Host.Tests.Fakes;

namespace Gfxbake.Host.Tests.Steps;

[TestFixture]
internal sealed class BuildLockTests
{
    private SampleBuild build = null!;

    [SetUp]
    public void SetUp()
    {
        build = new SampleBuild();
        Directory.CreateDirectory(build.PathOf("artifacts"));
    }

    [TearDown]
    public void TearDown() => build.Dispose();

    [Test]
    public async Task Second_build_waits_and_says_for_whom()
    {
        var first = BuildLock.Take(build.Open());
        var second = Task.Run(() => BuildLock.Take(build.Open()));
        while (build.Log.Count == 0)
            await Task.Delay(10);
        var waited = !second.IsCompleted;
        first.Dispose();
        (await second).Dispose();

        Assert.Multiple(() =>
        {
            Assert.That(waited, Is.True);
            Assert.That(
                build.Log[0],
                Does.StartWith($"Information: Waiting: another build works on this checkout: process {Environment.ProcessId}")
            );
        });
    }

    // Here the disk is full for the holder's name alone.
    [Test, CancelAfter(5000)]
    public void Full_disk_is_an_error_and_no_wait_for_another_build(CancellationToken end)
    {
        File.CreateSymbolicLink(build.PathOf("artifacts/lock.holder"), "/dev/full");
        var taking = Task.Run(() => BuildLock.Take(build.Open()), end);

        Assert.That(async () => await taking.WaitAsync(end), Throws.InstanceOf<IOException>());
    }

    // A run that first needs files only must still clear up before its first step with an engine.
    [Test]
    public void Lock_without_an_engine_leaves_containers_to_the_first_step_that_has_one()
    {
        build.Fixture.AddTool("podman");
        build.Interruption.LockFiles(build.Open());
        var before = build.Processes.Calls.Count;
        build.Interruption.Lock(build.Open());
        var cleared = build.Processes.CommandLines.Count(c =>
            c.StartsWith("podman ps --all --quiet --filter label=", StringComparison.Ordinal)
        );
        build.Interruption.Lock(build.Open());

        Assert.Multiple(() =>
        {
            Assert.That(before, Is.Zero);
            Assert.That(cleared, Is.EqualTo(1));
            Assert.That(
                build.Processes.CommandLines.Count(c => c.StartsWith("podman ps --all --quiet", StringComparison.Ordinal)),
                Is.EqualTo(1)
            );
        });
    }
}
