using Gfxbake.Formats.Archives;
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
    public void Base_that_the_engine_has_not_is_loaded_under_the_checkouts_name()
    {
        var commands = Load(there: false);

        Assert.That(
            commands.Single(c => c.Contains(" pull ")),
            Does.StartWith("podman pull --quiet docker-archive:").And.Contains("/artifacts/bases/").And.EndWith(".docker.tar.partial")
        );
        Assert.That(Directory.GetFiles(build.PathOf("artifacts/bases")), Is.Empty);
    }

    [Test]
    public void Base_that_is_there_is_only_named() =>
        Assert.That(
            Load(there: true).Where(c => !c.Contains("inspect")),
            Is.EqualTo(new[] { $"podman tag {DockerArchiveWriter.ImageId(Digest)} {build.Open().Image("base")}" })
        );

    // podman 4.3: another process wrote the image's names at the same time.
    [TestCase(1, 2)]
    [TestCase(4, 5)]
    public void Name_that_is_lost_is_given_again(int lost, int tags) =>
        Assert.That(Load(there: true, lost).Count(c => c.StartsWith("podman tag", StringComparison.Ordinal)), Is.EqualTo(tags));

    [Test]
    public void Name_that_is_always_lost_is_an_error() =>
        Assert.That(
            () => Load(there: true, lost: 100),
            Throws.TypeOf<Cake.Core.CakeException>().With.Message.Contains(" is gone right after it was given to ")
        );

    private string[] Load(bool there, int lost = 0)
    {
        build.Fixture.AddTool("podman");
        var context = build.Open();
        _ = context.Engine;
        var id = DockerArchiveWriter.ImageId(Digest);
        HashSet<string> names = there ? [id] : [];
        build.Processes.Answer = call =>
        {
            var last = call.Arguments.Split(' ')[^1];
            if (call.Arguments.Contains(" inspect "))
                return names.Contains(last) ? new ProcessAnswer(0, "sha256:" + id) : new ProcessAnswer(125) { Error = ["image not known"] };
            if (call.Arguments.StartsWith("tag", StringComparison.Ordinal) && lost-- <= 0)
                names.Add(last);
            if (call.Arguments.StartsWith("pull", StringComparison.Ordinal))
                names.UnionWith([id, context.Image("base")]);
            return new ProcessAnswer();
        };
        var before = build.Processes.Calls.Count;
        File.WriteAllText(build.PathOf("base.tar"), "a tar");
        BaseLoader.Load(context, build.PathOf("base.tar"), Digest, context.Image("base"));
        return [.. build.Processes.Calls.Skip(before).Select(c => c.CommandLine)];
    }
}
