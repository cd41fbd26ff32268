using Cake.Frosting;
using Gfxbake.Host.Tests.Fakes;

namespace Gfxbake.Host.Tests.Tasks.Ci;

[TestFixture]
internal sealed class TestTests
{
    [Test]
    public void Tests_are_compiled_against_the_packages_that_the_program_itself_has()
    {
        using var build = new SampleBuild();
        build.Fixture.AddTool("dotnet");

        new Gfxbake.Host.Tasks.Ci.Test().Run(build.Open());

        var real = typeof(CakeHost).Assembly.GetName().Name == "Cake.Frosting";
        Assert.That(
            build.Processes.CommandLines.Last(),
            Does.StartWith("dotnet test ").And.EndsWith($" -m:1 -p:CakePackages={(real ? "nuget" : "tool")}")
        );
    }

    [TestCase(null, "TestCategory!=Nightly")]
    [TestCase("Category=Nightly", "\"Category=Nightly\"")]
    [TestCase("Name~Tar|Name~Elf", "(Name~Tar|Name~Elf)&TestCategory!=Nightly")]
    public void Tests_of_the_night_run_only_when_they_are_asked_for(string? filter, string expected)
    {
        using var build = new SampleBuild();
        build.Fixture.AddTool("dotnet");

        new Gfxbake.Host.Tasks.Ci.Test().Run(filter is null ? build.Open() : build.Open(("filter", filter)));

        Assert.That(build.Processes.CommandLines.Last(), Does.Contain(expected));
    }
}
