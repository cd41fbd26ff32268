using Gfxbake.Host.Tasks.Ci;
using Gfxbake.Host.Tests.Fakes;
using Gfxbake.Host.Tools;

namespace Gfxbake.Host.Tests.Tasks.Ci;

[TestFixture]
internal sealed class UnitTestTests
{
    private const string Needless = "Category!=Engine&Category!=Compiler&Category!=Browser&Category!=MinimalImage&Category!=Linter";

    private SampleBuild build = null!;

    [SetUp]
    public void SetUp()
    {
        build = new SampleBuild();
        build.Fixture.AddTool("dotnet");
    }

    [TearDown]
    public void TearDown() => build.Dispose();

    [Test]
    public void Tests_that_need_something_are_left_out_and_the_assemblies_run_at_once()
    {
        new UnitTest().Run(build.Open());

        Assert.That(
            build.Processes.CommandLines,
            Is.EqualTo(new[] { $"dotnet test \"gfxbake.slnx\" --filter \"{Needless}\" --configuration Release {Packages}" })
        );
    }

    [Test]
    public void Filter_of_the_command_line_narrows_the_choice()
    {
        new UnitTest().Run(build.Open(("filter", "Name~Tar|Name~Elf")));

        Assert.That(build.Processes.CommandLines.Single(), Does.Contain($" --filter \"{Needless}&(Name~Tar|Name~Elf)\" "));
    }

    [Test]
    public void Every_need_is_left_out() => Assert.That(UnitTest.LeftOut, Is.EquivalentTo(Needs.All));

    private static string Packages => "-p:CakePackages=" + DotNetTests.CakePackages;
}
