using Cake.Core;
using Gfxbake.Host.Tests.Fakes;
using Gfxbake.Host.Tools;

namespace Gfxbake.Host.Tests.Tools;

/// <summary>A base without a bootstrap comes from a registry or not at all.</summary>
[TestFixture]
internal sealed class BasesTests
{
    private const string Reference = "registry.example.org/fedora@sha256:0123";

    private SampleBuild build = null!;

    [SetUp]
    public void SetUp() => build = new SampleBuild();

    [TearDown]
    public void TearDown() => build.Dispose();

    [Test]
    public void Base_is_what_the_registry_gives()
    {
        var origin = Provide(new ProcessAnswer(0, "sha256:abc"));

        Assert.That((origin.Text, origin.TarSha256), Is.EqualTo(("pulled " + Reference, (string?)null)));
    }

    [Test]
    public void Registry_that_does_not_answer_is_named_with_its_reason_and_nothing_is_bootstrapped()
    {
        Assert.That(
            () => Provide(new ProcessAnswer(125) { Error = ["Error: pinging the registry: no such host"] }),
            Throws
                .TypeOf<CakeException>()
                .With.Message.StartsWith(Reference)
                .And.Message.Contains("can't be pulled (no such host), and the recipe has no 'bootstrap'")
                .And.Message.Contains("Next: ")
        );
        Assert.That(build.Processes.CommandLines, Has.None.Contains("mmdebstrap"));
    }

    private Gfxbake.Pipeline.Base.BaseOrigin Provide(ProcessAnswer pull)
    {
        build.Fixture.AddTool("podman");
        var context = build.Open();
        _ = context.Engine;
        build.Processes.Answer = call => call.CommandLine.Contains(" pull ") ? pull : new ProcessAnswer(0, "sha256:abc");
        return new Bases(context).Provide(Reference, null, context.Image("base"));
    }
}
