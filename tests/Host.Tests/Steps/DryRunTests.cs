using Gfxbake.Host.Steps;

namespace Gfxbake.Host.Tests.Steps;

[TestFixture]
internal sealed class DryRunTests
{
    [TestCase("--target=Release --dryrun", "--target=Release --print-only")]
    [TestCase("-t CheckUpstream --update --whatif", "-t CheckUpstream --update --print-only")]
    [TestCase("--target=checkupstream --target=Release --noop", "--target=checkupstream --target=Release --print-only")]
    [TestCase("--target=MinimalImage --dryrun", "--target=MinimalImage --dryrun")]
    [TestCase("--target=Release --target=MinimalImage --dryrun", "--target=Release --target=MinimalImage --dryrun")]
    [TestCase("--dryrun", "--dryrun")]
    [TestCase("--target=Release", "--target=Release")]
    public void Dry_run_is_handed_to_targets_that_can_tell_what_they_would_do(string before, string after) =>
        Assert.That(string.Join(' ', DryRun.ForTasks(before.Split(' '))), Is.EqualTo(after));
}
