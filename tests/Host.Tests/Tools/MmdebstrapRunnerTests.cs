using Gfxbake.Host.Tests.Fakes;
using Gfxbake.Host.Tools;
using Gfxbake.Recipes.Model;

namespace Gfxbake.Host.Tests.Tools;

[TestFixture]
internal sealed class MmdebstrapRunnerTests
{
    private const string Always =
        "mmdebstrap --variant=minbase --format=tar \"--aptopt=Acquire::Check-Valid-Until \\\"false\\\"\""
        + " \"--customize-hook=echo force-unsafe-io > \\\"$1/etc/dpkg/dpkg.cfg.d/gfxbake\\\"\"";

    private Fixture fixture = null!;

    [SetUp]
    public void SetUp() => fixture = new Fixture().AddTool("mmdebstrap");

    [TearDown]
    public void TearDown() => fixture.Dispose();

    [Test]
    public void Arguments_name_suite_and_output()
    {
        Run(new Bootstrap { Suite = "sid", SourceDateEpoch = 1 });

        Assert.That(fixture.Processes.CommandLines, Is.EqualTo(new[] { Always + " sid /tmp/base.tar" }));
    }

    [Test]
    public void Arguments_name_packages_and_mirror_where_the_recipe_does()
    {
        Run(
            new Bootstrap
            {
                Suite = "sid",
                SourceDateEpoch = 1,
                Packages = ["ca-certificates", "busybox"],
                Mirror = "https://mirror.example.org/debian",
            }
        );

        Assert.That(
            fixture.Processes.CommandLines,
            Is.EqualTo(new[] { Always + " --include=ca-certificates,busybox sid /tmp/base.tar https://mirror.example.org/debian" })
        );
    }

    [Test]
    public void Arguments_name_the_parts_of_the_archive()
    {
        Run(
            new Bootstrap
            {
                Suite = "noble",
                SourceDateEpoch = 1,
                Components = ["main", "universe"],
            }
        );

        Assert.That(fixture.Processes.CommandLines, Is.EqualTo(new[] { Always + " --components=main,universe noble /tmp/base.tar" }));
    }

    [Test]
    public void Time_stamps_are_those_of_the_recipe()
    {
        Run(new Bootstrap { Suite = "sid", SourceDateEpoch = 1763596800 });

        Assert.That(fixture.Processes.Calls[0].Settings.EnvironmentVariables["SOURCE_DATE_EPOCH"], Is.EqualTo("1763596800"));
    }

    private void Run(Bootstrap bootstrap) =>
        new MmdebstrapRunner(fixture.Context()).Run(new MmdebstrapSettings { Bootstrap = bootstrap, Output = "/tmp/base.tar" });
}
