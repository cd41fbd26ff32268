using Cake.Core;
using Gfxbake.Formats.Files;
using Gfxbake.Host.Checks;
using Gfxbake.Host.Tests.Engine;
using Gfxbake.Host.Tests.Fakes;
using Gfxbake.Pipeline.Check;
using Gfxbake.Pipeline.Run;

namespace Gfxbake.Host.Tests.Checks;

/// <summary>What CheckGpu says before anything runs, on made-up machines, and of what came of a run.</summary>
[TestFixture]
[NonParallelizable]
internal sealed class GpuChecksTests
{
    private const string Check = """
        workloads:
          - name: check
            device: still
            command: [server]
            expect: [on a GPU]
            serve: {port: 8080, ready: /, requests: [{path: /x}]}
            check:
              cpu_environment: {GPU: none}
              watch: {}
              kernels: 'ran (?<kernel>\w+)'
              maps: [cat, /proc/1/maps]
              loads: [libgpu.so]
              known: [some/program#1]

        """;

    private SampleBuild build = null!;

    [SetUp]
    public void SetUp()
    {
        build = new SampleBuild();
        build.Change("    version_of: sample\n", "    version_of: sample\n    devices: [still]\n");
        build.Change("workloads:\n", Check + "  - name: still\n    device: still\n    command: [sample]\n");
        foreach (var name in new[] { "doctor.yml", "packages.yml" })
            File.Copy(Path.Combine(Checkout.RepositoryRoot, "recipes/_shared", name), build.PathOf($"recipes/_shared/{name}"), true);
    }

    [TearDown]
    public void TearDown() => build.Dispose();

    [Test]
    public void Machine_without_a_gpu_is_told_so_and_nothing_runs()
    {
        var context = build.Open();

        Assert.That(
            () => Checks(context, null).FindGpu(),
            Throws
                .TypeOf<CakeException>()
                .With.Message.StartsWith("this machine has no GPU that could be used: /dev/kfd is not there\n")
                .And.Message.Contains("./build.sh --target=CheckGpu --device=still")
        );
        Assert.That(build.Processes.Calls, Is.Empty, "no engine is looked for");
    }

    [Test]
    public void Gpu_that_this_user_may_not_open_is_told()
    {
        AddNodes();
        var tree = new HostTree(build.PathOf("machine"), path => !path.EndsWith("kfd", StringComparison.Ordinal));

        Assert.That(
            () => Checks(build.Open(), null, tree).FindGpu(),
            Throws.TypeOf<CakeException>().With.Message.StartsWith("this user may not open /dev/kfd\nNext: ./build.sh --target=Doctor")
        );
    }

    [Test]
    public void Stand_in_needs_no_gpu() => Assert.That(() => Checks(build.Open(), "still").FindGpu(), Throws.Nothing);

    [Test]
    public void Package_that_is_not_installed_is_told_with_the_commands_that_make_it() =>
        Assert.That(
            () => Checks(build.Open(), "still").OfPackage(),
            Throws
                .TypeOf<CakeException>()
                .With.Message.StartsWith(
                    "the package of sample, variant debian, is not installed here: /usr/lib/sample-debian is not there\n"
                        + "Next: ./build.sh --target=ArchPackage or ./build.sh --target=FedoraPackage makes one"
                )
        );

    [TestCase(GpuVerdict.WrongNumbers, "do not trust its answers, and send the report (docs/checkgpu.md); known: some/program#1.")]
    [TestCase(GpuVerdict.MissingLibrary, "keeps this machine's GPU away; where nothing does, install the package again; the output is in")]
    [TestCase(GpuVerdict.CpuFallback, "./build.sh --target=Doctor tells what keeps this machine's GPU away")]
    [TestCase(GpuVerdict.Failed, "artifacts/sample/debian/logs/failed-check.log")]
    public void Failure_is_one_sentence_and_what_to_do(GpuVerdict verdict, string advice)
    {
        var problem = Checks(build.Open(), null).Problem(Report(verdict));

        Assert.That(problem.Split('\n'), Has.Length.EqualTo(2));
        Assert.That(problem, Does.Contain("(check: the reason).\nNext: ").And.Contain(advice));
    }

    [Test]
    public void Both_files_are_written()
    {
        var output = StandardOutput.Of(() =>
        {
            Checks(build.Open(), null).Write(Report(GpuVerdict.CpuFallback));
        });

        Assert.That(RecordFile.TryRead<GpuReport>(build.PathOf("artifacts/sample/debian/checkgpu.json"))?.Gpu, Is.EqualTo("gfx1151"));
        Assert.That(output, Does.Contain(File.ReadAllText(build.PathOf("artifacts/sample/debian/checkgpu.txt"))));
        Assert.That(output, Does.Contain("check: FAILED, the CPU computed").And.Contain("please send it"));
    }

    private static GpuReport Report(GpuVerdict verdict) =>
        new()
        {
            Recipe = "sample",
            Variant = "debian",
            Gpu = "gfx1151",
            On = "this machine's GPU",
            IsHardware = true,
            Computes = true,
            Programs = "installed package",
            Verdict = verdict,
            Machine = new(null, [], new Dictionary<string, string>()),
            Checks =
            [
                new()
                {
                    Name = "check",
                    Verdict = verdict,
                    Problems = ["the reason"],
                },
            ],
        };

    private GpuChecks Checks(BuildContext context, string? device, HostTree? tree = null) =>
        new(
            context,
            GpuTarget.Of(context.Book, context.Recipe, context.VariantName, device),
            tree ?? new HostTree(Directory.CreateDirectory(build.PathOf("machine")).FullName)
        );

    private void AddNodes()
    {
        Directory.CreateDirectory(build.PathOf("machine/dev/dri"));
        foreach (var node in new[] { "kfd", "dri/renderD128" })
            File.WriteAllText(build.PathOf("machine/dev/" + node), "");
    }
}
