using Cake.Core;
using Gfxbake.Host.Tasks.Rocm;
using Gfxbake.Host.Tests.Engine;
using Gfxbake.Host.Tests.Fakes;

namespace Gfxbake.Host.Tests.Tasks;

/// <summary>The target RocmDowngradePlan on a machine of dpkg's whose programs answer what the test prepares.</summary>
[NonParallelizable]
internal sealed class RocmDowngradePlanTests
{
    private SampleBuild build = null!;

    [SetUp]
    public void SetUp()
    {
        build = new SampleBuild();
        const string facts = "recipes/_shared/package-managers.yml";
        File.Copy(Path.Combine(Checkout.RepositoryRoot, facts), build.PathOf(facts));
        build.Write("machine/var/lib/dpkg/status", "");
        foreach (var program in new[] { "dpkg-query", "apt-cache", "apt-get" })
            build.Fixture.AddTool(program);
        build.Processes.Answer = call =>
            call.CommandLine.Contains("--showformat", StringComparison.Ordinal) ? new(0, "rocblas\t7.2-1\tinstalled")
            : call.CommandLine.Contains(" madison ", StringComparison.Ordinal) ? new(0, " rocblas | 7.2-1 | a", " rocblas | 6.4-1 | a")
            : new(0);
    }

    [TearDown]
    public void TearDown() => build.Dispose();

    [Test]
    public void Plan_is_printed_with_its_commands()
    {
        Assert.That(
            Run(("root", "machine"), ("back-to", "6.4")),
            Does.Contain("    sudo apt-get install --allow-downgrades rocblas=6.4-1\n")
        );
        Assert.That(build.Processes.Calls.Select(c => c.Settings.EnvironmentVariables!["LC_ALL"]), Has.All.EqualTo("C"));
        Assert.That(build.Processes.CommandLines, Has.None.Contains("sudo"));
    }

    [Test]
    public void Nothing_older_is_an_error_after_the_table() =>
        Assert.That(
            () => Run(("root", "machine"), ("back-to", "5.7")),
            Throws.TypeOf<CakeException>().With.Message.EqualTo("apt has no older version of this package.")
        );

    [Test]
    public void Machine_of_no_known_manager_is_an_error_with_an_example()
    {
        build.Write("empty/file", "");

        Assert.That(
            () => Run(("root", "empty")),
            Throws
                .TypeOf<CakeException>()
                .With.Message.EndsWith("; for instance ./build.sh --target=RocmDowngradePlan --back-to=6.4 --root=/")
        );
    }

    [TestCase("6")]
    [TestCase("6.4.x")]
    [TestCase("--help")]
    public void Rocm_that_is_none_is_an_error(string to) =>
        Assert.That(
            () => Run(("root", "machine"), ("back-to", to)),
            Throws.TypeOf<CakeException>().With.Message.Contains("it is a ROCm such as")
        );

    private string Run(params (string Name, string Value)[] arguments)
    {
        return StandardOutput.Of(() =>
        {
            build.CommandLine = new CommandLine([]);
            new RocmDowngradePlan().Run(build.Open(arguments));
        });
    }
}
