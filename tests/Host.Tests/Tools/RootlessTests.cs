using Gfxbake.Host.Tests.Fakes;
using Gfxbake.Host.Tools;

namespace Gfxbake.Host.Tests.Tools;

[TestFixture]
internal sealed class RootlessTests
{
    private SampleBuild build = null!;

    [SetUp]
    public void SetUp()
    {
        build = new SampleBuild { IsRoot = false };
        foreach (var tool in new[] { "apt-get", "newuidmap", "newgidmap", "pasta" })
            build.Fixture.AddTool(tool);
        build.Fixture.Environment.Variables["USER"] = "ann";
        foreach (var file in new[] { "subuid", "subgid" })
            build.Write("machine/etc/" + file, "bob:1:65536\nann:100000:65536\n");
        build.Write("machine/dev/net/tun", "");
    }

    [TearDown]
    public void TearDown() => build.Dispose();

    [Test]
    public void Nothing_is_missing_where_all_is_there() => Assert.That(Find().Problems.Concat(Find().Commands), Is.Empty);

    [TestCase("bin/newgidmap", "newuidmap or newgidmap is missing", "apt-get install --yes --no-install-recommends uidmap slirp4netns")]
    [TestCase("bin/pasta", "slirp4netns or pasta is missing", "apt-get install --yes --no-install-recommends uidmap slirp4netns")]
    [TestCase("machine/etc/subgid", "/etc/subgid has no line for ann", "usermod --add-subgids 100000-165535 ann")]
    [TestCase("machine/dev/net/tun", "/dev/net/tun can't be opened", "chmod 0666 /dev/net/tun")]
    public void Missing_part_is_named_with_what_root_types(string file, string problem, string command)
    {
        File.Delete(build.PathOf(file));

        Assert.Multiple(() =>
        {
            Assert.That(Find().Problems, Has.Exactly(1).StartsWith(problem).And.Exactly(1).Items);
            Assert.That(Find().Commands, Is.EqualTo(new[] { command }));
        });
    }

    private Rootless Find() => Rootless.Find(build.Open(), build.PathOf("machine"));
}
