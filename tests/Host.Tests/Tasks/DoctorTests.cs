using Cake.Core;
using Gfxbake.Formats.Files;
using Gfxbake.Host.Tasks.Run;
using Gfxbake.Host.Tests.Engine;
using Gfxbake.Host.Tests.Fakes;
using Gfxbake.Pipeline.Run;
using Gfxbake.Recipes.Shared;

namespace Gfxbake.Host.Tests.Tasks;

/// <summary>The target Doctor, on a recipe with one variant and through the whole program.</summary>
[TestFixture]
[NonParallelizable]
internal sealed class DoctorTests
{
    private SampleBuild build = null!;

    [SetUp]
    public void SetUp()
    {
        build = new SampleBuild();
        File.Copy(
            Path.Combine(Checkout.RepositoryRoot, "recipes", "_shared", "doctor.yml"),
            build.PathOf("recipes/_shared/doctor.yml"),
            overwrite: true
        );
        foreach (var file in new[] { "machine/sys/module/amdgpu/version", "machine/dev/kfd", "machine/dev/dri/renderD128" })
        {
            Directory.CreateDirectory(Path.GetDirectoryName(build.PathOf(file))!);
            File.WriteAllText(build.PathOf(file), "6.14\n");
        }

        var node = Directory.CreateDirectory(build.PathOf("machine/sys/class/kfd/kfd/topology/nodes/1"));
        File.WriteAllText(Path.Combine(node.FullName, "properties"), "gfx_target_version 110501\n");
    }

    [TearDown]
    public void TearDown() => build.Dispose();

    [Test]
    public void Machine_without_an_error_is_told_and_passes()
    {
        var text = Run(("root", "machine"));

        Assert.That(text, Does.StartWith("sample, variant debian, made for gfx1151\n"));
        Assert.That(
            text,
            Does.Contain("warning  Driver: amdgpu 6.14 of amdgpu-dkms").And.Contain("\nIt can run here: 1 warning and 2 notes.\n")
        );
    }

    [Test]
    public void Machine_without_a_render_node_fails_after_the_report()
    {
        Directory.Delete(build.PathOf("machine/dev"), recursive: true);

        Assert.That(
            () => Run(("root", build.PathOf("machine"))),
            Throws
                .TypeOf<CakeException>()
                .With.Message.EqualTo("sample, variant debian: It can't run on a GPU here: 2 errors, 1 warning and 2 notes.")
        );
    }

    [Test]
    public void Record_is_written_when_it_is_asked_for_also_of_a_machine_that_fails()
    {
        var file = build.PathOf("artifacts/sample/debian/doctor.json");
        Run(("root", "machine"));
        Assert.That(file, Does.Not.Exist);

        Assert.That(Run(("root", "machine"), ("json", "")), Does.EndWith("Written: artifacts/sample/debian/doctor.json\n"));
        Assert.That(RecordFile.TryRead<HostReport>(file)?.Works, Is.True);
        Directory.Delete(build.PathOf("machine/dev"), recursive: true);
        Assert.That(() => Run(("root", "machine"), ("json", "")), Throws.TypeOf<CakeException>());

        Assert.That(RecordFile.TryRead<HostReport>(file)?.Findings.Select(f => f.Level), Does.Contain(FindingLevel.Error));
    }

    [Test]
    public void Root_that_is_no_folder_is_an_error() =>
        Assert.That(() => Run(("root", "nowhere")), Throws.TypeOf<CakeException>().With.Message.Contains("nowhere, which is no folder"));

    [Test]
    public void No_engine_is_looked_for_and_no_lock_taken()
    {
        Run(("root", "machine"));

        Assert.That(build.Processes.Calls, Is.Empty);
        Assert.That(build.PathOf("artifacts/lock"), Does.Not.Exist);
    }

    [TestCase("debian")]
    [TestCase("vulkan")]
    public void Status_of_the_program_says_what_the_report_says(string variant)
    {
        var outcome = Command.Run(
            "dotnet",
            "exec",
            typeof(BuildContext).Assembly.Location,
            $"--working={Checkout.RepositoryRoot}",
            "doctor",
            "--recipe=llama-cpp-gfx1151",
            "--variant=" + variant
        );

        Assert.That(outcome.Output, Does.Contain($"llama-cpp-gfx1151, variant {variant}, made for gfx1151"));
        Assert.That(outcome.Status, Is.EqualTo(outcome.Output.Contains("It can run here", StringComparison.Ordinal) ? 0 : 1));
    }

    private string Run(params (string Name, string Value)[] arguments)
    {
        return StandardOutput.Of(() =>
        {
            new Doctor().Run(build.Open(arguments));
        });
    }
}
