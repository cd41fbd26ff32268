using Cake.CMake;
using Cake.Core;
using Gfxbake.Host.Tests.Fakes;

namespace Gfxbake.Host.Tests.Shims;

[TestFixture]
internal sealed class CMakeArgumentsTests
{
    private Fixture fixture = null!;

    [SetUp]
    public void SetUp() => fixture = new Fixture().AddTool("cmake");

    [TearDown]
    public void TearDown() => fixture.Dispose();

    [Test]
    public void Configuring_runs_in_the_folder_of_the_output_and_quotes_each_option()
    {
        var output = fixture.Root.Combine("build").FullPath;
        fixture
            .Context()
            .CMake(
                "/a source",
                new CMakeSettings
                {
                    OutputPath = output,
                    Generator = "Ninja",
                    Options = ["--preset", "ROCm 7", "-DA=b;c"],
                }
            );

        Assert.That(
            fixture.Processes.CommandLines.Single(),
            Is.EqualTo("cmake -S \"/a source\" -G \"Ninja\" \"--preset\" \"ROCm 7\" \"-DA=b;c\"")
        );
        Assert.That(fixture.Processes.Calls.Single().Settings.WorkingDirectory.FullPath, Is.EqualTo(output));
        Assert.That(output, Does.Exist);
    }

    [Test]
    public void Building_names_its_folder_and_hands_options_on()
    {
        fixture.Context().CMakeBuild(new CMakeBuildSettings { BinaryPath = "/b", Options = ["--target", "ggml-hip", "--parallel", "2"] });

        Assert.That(
            fixture.Processes.CommandLines.Single(),
            Is.EqualTo("cmake --build \"/b\" \"--target\" \"ggml-hip\" \"--parallel\" \"2\"")
        );
    }

    [Test]
    public void Status_that_is_not_zero_is_an_error()
    {
        fixture.Processes.Answer = _ => new ProcessAnswer(1);

        Assert.That(() => fixture.Context().CMakeBuild(new CMakeBuildSettings { BinaryPath = "/" }), Throws.TypeOf<CakeException>());
    }
}
