using Gfxbake.Pipeline.Steps;

namespace Gfxbake.Host.Tests.Tools;

[TestFixture]
internal sealed class EngineExceptionTests
{
    [TestCase("Error: No such image: sample:full", EngineFault.NoSuchImage)]
    [TestCase("Error response from daemon: No such image: 0123:latest", EngineFault.NoSuchImage)]
    [TestCase("Error: 0123: image not known", EngineFault.NoSuchImage)]
    [TestCase("Error: inspecting object: unable to inspect \"sample:full\"", EngineFault.NoSuchImage)]
    [TestCase("Error: image is in use by a container", EngineFault.Other)]
    [TestCase("Error: write /x: no space left on device", EngineFault.NoSpace)]
    public void Missing_image_is_told_by_the_engines_words(string words, EngineFault fault) =>
        Assert.That(new EngineException("podman image inspect x", 125, [words, ""]).Fault, Is.EqualTo(fault));

    [Test]
    public void Name_in_the_command_is_not_what_the_engine_says() =>
        Assert.That(new EngineException("podman rmi no such", 125, []).Fault, Is.EqualTo(EngineFault.Other));

    [Test]
    public void Message_has_the_command_its_status_and_the_last_words()
    {
        Assert.That(
            new EngineException("podman rmi x", 125, ["one", "two", "", "three", "four"]).Message,
            Is.EqualTo("podman rmi x: exit status 125: two | three | four")
        );
        Assert.That(new EngineException("podman rmi x", 1, []).Message, Is.EqualTo("podman rmi x: exit status 1: (it said nothing)"));
    }
}
