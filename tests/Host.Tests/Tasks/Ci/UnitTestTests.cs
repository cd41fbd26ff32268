using Cake.Core;
using Gfxbake.Host.Tasks.Ci;
using Gfxbake.Host.Tests.Fakes;
using Gfxbake.Host.Tools;

namespace Gfxbake.Host.Tests.Tasks.Ci;

[TestFixture]
internal sealed class UnitTestTests
{
    private const string Needless =
        "TestCategory!=Engine&TestCategory!=Compiler&TestCategory!=Browser"
        + "&TestCategory!=MinimalImage&TestCategory!=Linter&TestCategory!=Python&TestCategory!=Nightly";

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
            Is.EqualTo(
                new[]
                {
                    "dotnet tool restore",
                    "dotnet csharpier check --use-cache .",
                    $"dotnet build \"gfxbake.slnx\" --configuration Release --nologo --verbosity quiet {Packages}",
                    $"dotnet vstest {Assemblies} --Parallel --TestCaseFilter:\"{Needless}\" --logger:\"console;verbosity=minimal\"",
                }
            )
        );
    }

    [Test]
    public void Filter_of_the_command_line_narrows_the_choice()
    {
        new UnitTest().Run(build.Open(("filter", "Name~Tar|Name~Elf")));

        Assert.That(build.Processes.CommandLines.Last(), Does.Contain($" --TestCaseFilter:\"{Needless}&(Name~Tar|Name~Elf)\" "));
    }

    [TestCase("tool restore", "dotnet tool restore brings no CSharpier:\nlook\nNext: run it by hand; ")]
    [TestCase("csharpier", "the code is not laid out as CSharpier does it:\nlook\nNext: dotnet csharpier format .")]
    public void Layout_that_is_not_right_is_an_error_before_any_test(string command, string message)
    {
        build.Processes.Answer = call =>
            call.CommandLine.StartsWith("dotnet " + command, StringComparison.Ordinal)
                ? new ProcessAnswer(1) { Error = ["look"] }
                : new ProcessAnswer();

        Assert.That(() => new UnitTest().Run(build.Open()), Throws.TypeOf<CakeException>().With.Message.StartsWith(message));
        Assert.That(build.Processes.CommandLines, Has.None.StartsWith("dotnet vstest"));
    }

    [Test]
    public void Every_need_is_left_out() => Assert.That(UnitTest.LeftOut, Is.EquivalentTo(Needs.All));

    private string Assemblies =>
        string.Join(
            ' ',
            new[] { "Unit.Tests", "Host.Tests" }.Select(a =>
                $"\"{build.PathOf($"artifacts/dotnet/{DotNetTests.CakePackages}/bin/{a}/release/{a}.dll")}\""
            )
        );

    private static string Packages => "-p:CakePackages=" + DotNetTests.CakePackages;
}
