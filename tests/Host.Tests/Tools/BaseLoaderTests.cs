using Gfxbake.Core.Exports;
using Gfxbake.Host.Tests.Fakes;
using Gfxbake.Host.Tools;

namespace Gfxbake.Host.Tests.Tools;

[TestFixture]
internal sealed class BaseLoaderTests
{
    private static readonly string Digest = new('a', 64);

    private SampleBuild build = null!;

    [SetUp]
    public void SetUp() => build = new SampleBuild();

    [TearDown]
    public void TearDown() => build.Dispose();

    [Test]
    public void Base_is_loaded_when_the_engine_has_another_under_its_name()
    {
        var commands = Load("an import of the same tar");

        Assert.That(commands, Has.Length.EqualTo(3));
        Assert.That(commands[1], Does.StartWith("podman pull --quiet docker-archive:").And.Contains("/artifacts/bases/").And.EndWith(".docker.tar.partial"));
        Assert.That(commands[2], Is.EqualTo("podman tag localhost/gfxbake-base:aaaaaaaaaaaaaaaa localhost/sample:debian-base"));
        Assert.That(Directory.GetFiles(build.PathOf("artifacts/bases")), Is.Empty);
    }

    [Test]
    public void Base_that_is_there_is_only_named()
        => Assert.That(Load("sha256:" + DockerArchiveWriter.ImageId(Digest)).Skip(1), Is.EqualTo(new[] { "podman tag localhost/gfxbake-base:aaaaaaaaaaaaaaaa localhost/sample:debian-base" }));

    private string[] Load(string idThere)
    {
        build.Fixture.AddTool("podman");
        var context = build.Open();
        _ = context.Engine;
        build.Processes.Answer = call => new ProcessAnswer(0, call.Arguments.Contains("inspect") ? idThere : "");
        var before = build.Processes.Calls.Count;
        File.WriteAllText(build.PathOf("base.tar"), "a tar");
        BaseLoader.Load(context, build.PathOf("base.tar"), Digest, context.Image("base"));
        return [.. build.Processes.Calls.Skip(before).Select(c => c.CommandLine)];
    }
}
