using Gfxbake.Pipeline.Minimal;
using Gfxbake.Pipeline.Plan.Pruning;
using Gfxbake.Pipeline.Steps;
using Gfxbake.Pipeline.Trace;
using Gfxbake.Pipeline.Verify;
using Gfxbake.Recipes.Model;

namespace Gfxbake.Unit.Tests.Pipeline.Steps;

/// <summary>What was changed makes exactly those steps run again whose result depends on it.</summary>
public sealed class RerunTests
{
    private SampleWorkspace workspace = null!;

    [SetUp]
    public void SetUp() => workspace = new SampleWorkspace();

    [TearDown]
    public void TearDown() => workspace.Dispose();

    [Test]
    public void Nothing_changed() => Assert.That(Changed(() => { }), Is.Empty);

    [Test]
    public void Another_flag_of_containers() =>
        Assert.That(
            Changed(() => workspace.Engine.ContainerFlags = ["--privileged"]),
            Is.EqualTo(
                new[]
                {
                    "ArchPackage: flags of containers",
                    "CompilerLayer: flags of containers",
                    "FedoraPackage: flags of containers",
                    "TraceImage: flags of containers",
                    "VerifyMinimal: flags of containers",
                }
            )
        );

    [Test]
    public void Another_mount_of_containers()
    {
        var (open, engine) = (workspace.Open(), workspace.Engine);
        IReadOnlyList<string> mounts = ["/elsewhere"];

        Assert.Multiple(() =>
        {
            Assert.That(Names(new TraceStep().Gather(open, engine), i => i with { Mounts = mounts }), Is.EqualTo("mounts of containers"));
            Assert.That(Names(new PlanStep().Gather(open, engine), i => i with { Mounts = mounts }), Is.EqualTo("mounts of containers"));
            Assert.That(Names(new VerifyStep().Gather(open, engine), i => i with { Mounts = mounts }), Is.EqualTo("mounts of containers"));
            Assert.That(StepInputs.Of(new MinimalStep().Gather(open, engine)).Keys, Has.None.Contain("mount"));
        });
    }

    [TestCase("docker/trace.Dockerfile", "FROM base", "FROM other", "TraceImage: docker/trace.Dockerfile")]
    [TestCase("docker/devices/still/still.c", "main", "other", "DeviceKits: docker/devices/still/still.c")]
    [TestCase("docker/devices/beside/Dockerfile", "FROM base", "FROM other", "DeviceKits: docker/devices/beside/Dockerfile")]
    [TestCase(
        "recipes/_shared/devices.yml",
        "used still",
        "seen still",
        "ArchPackage: workloads of the recipe",
        "CompilerLayer: workloads of the recipe",
        "DeviceKits: devices",
        "FedoraPackage: workloads of the recipe",
        "TraceImage: workloads of the recipe",
        "VerifyMinimal: workloads of the recipe"
    )]
    [TestCase(
        "recipes/_shared/devices.yml",
        "BESIDE (11)",
        "BESIDE (12)",
        "ArchPackage: workloads of the recipe",
        "CompilerLayer: workloads of the recipe",
        "DeviceKits: devices",
        "FedoraPackage: workloads of the recipe",
        "VerifyMinimal: workloads of the recipe"
    )]
    [TestCase("docker/minimal.Dockerfile", "scratch", "other", "MinimalCandidate: docker/minimal.Dockerfile")]
    [TestCase("recipes/sample/recipe.yml", "why: names", "why: other", "PlanPrune: keep rules of the recipe")]
    [TestCase("recipes/_shared/rocm.yml", "keep: []", "keep: [{path: /a, why: b}]", "PlanPrune: keep rules of recipes/_shared/rocm.yml")]
    [TestCase(
        "recipes/sample/recipe.yml",
        "    version_of: sample",
        "    version_of: sample\n    standins: [other]",
        "CompilerLayer: configuration",
        "MinimalCandidate: labels",
        "PlanPrune: stand-ins",
        "VerifyMinimal: configuration"
    )]
    [TestCase("recipes/sample/recipe.yml", "- name: system", "- name: other", "MinimalCandidate: layers of the recipe")]
    [TestCase(
        "recipes/sample/recipe.yml",
        "code_target: gfx1100",
        "code_target: gfx1151",
        "CompilerLayer: configuration",
        "FullImage: Dockerfile with metadata",
        "MinimalCandidate: labels",
        "PlanPrune: code target",
        "VerifyMinimal: configuration"
    )]
    [TestCase("docker/full.Dockerfile", "scratch", "other", "FullImage: Dockerfile with metadata", "FullImage: docker/full.Dockerfile")]
    [TestCase("docker/apt.sh", "apt-get", "other", "FullImage: docker/apt.sh")]
    [TestCase("docker/packages/arch-list.hbs", "version", "release", "ArchPackage: files of the package")]
    [TestCase("docker/packages/fedora-build.sh", "build", "other", "FedoraPackage: files of the package")]
    [TestCase("docker/packages/fedora.Dockerfile", "tools", "other", "FedoraPackage: docker/packages")]
    [TestCase("docker/packages/bundle.sh", "patchelf", "other", "PackageBundle: docker/packages/bundle")]
    [TestCase("recipes/_shared/packages/start", "sample", "other", "PackageBundle: trees of the recipe")]
    [TestCase(
        "docker/packages/starter.sh.hbs",
        "exec",
        "other",
        "ArchPackage: files of the package",
        "FedoraPackage: files of the package"
    )]
    [TestCase("recipes/_shared/packages.yml", "arch-hard", "arch-fast", "ArchPackage: where packages are made")]
    [TestCase(
        "recipes/_shared/packages.yml",
        "{suite: sid",
        "{suite: trixie",
        "ArchPackage: where packages are made",
        "FedoraPackage: where packages are made",
        "PackageBundle: where packages are made"
    )]
    [TestCase(
        "recipes/sample/recipe.yml",
        "release: 1",
        "release: 2",
        "ArchPackage: release",
        "FedoraPackage: release",
        "PackageBundle: packages of the recipe"
    )]
    [TestCase(
        "recipes/sample/recipe.yml",
        " epoch: 1",
        " epoch: 2",
        "ArchPackage: epoch of the version",
        "FedoraPackage: epoch of the version",
        "PackageBundle: packages of the recipe"
    )]
    public void Another_text(string file, string from, string to, params string[] again) =>
        Assert.That(Changed(() => workspace.Change(file, from, to)), Is.EqualTo(again));

    [Test]
    public void Another_word_of_a_stand_in_that_is_used()
    {
        workspace.Change("recipes/sample/recipe.yml", "    version_of: sample", "    version_of: sample\n    standins: [other]");

        Assert.That(
            Changed(() => workspace.Change("recipes/_shared/standins.yml", "for: [libuser.so]", "for: [libuser.so, libelse.so]")),
            Is.EqualTo(new[] { "PlanPrune: stand-ins" })
        );
        Assert.That(
            Changed(() => workspace.Change("recipes/_shared/standins.yml", "libvulkan_radeon.so", "libvulkan_radeon.so.1")),
            Is.Empty,
            "nobody uses it"
        );
    }

    [Test]
    public void Another_argument_of_an_export() =>
        Assert.That(
            Changed(() => workspace.Asked = new Asked { Zstd = "max" }),
            Is.EqualTo(new[] { "SaveImageZst: zstd", "SaveMinimalImageZst: zstd" })
        );

    [Test]
    public void Another_result_of_a_workload_in_the_full_image() =>
        Assert.That(
            Changed(() => workspace.Write("artifacts/sample/debian/traces/run.json", "{}")),
            Is.EqualTo(
                new[]
                {
                    "ArchPackage: results of the full image",
                    "CompilerLayer: results of the full image",
                    "FedoraPackage: results of the full image",
                    "VerifyMinimal: results of the full image",
                }
            )
        );

    // A step runs again when the methods that its work reaches have another digest: whoever reaches a method runs again with it.
    [TestCase("ExportFile::Write", "SaveImage", "SaveImageZst", "SaveMinimalImage", "SaveMinimalImageZst")]
    [TestCase("FakeEngine::Save", "SaveImage", "SaveImageZst", "SaveMinimalImage", "SaveMinimalImageZst")]
    [TestCase("RuntimePlanner::Plan", "PackageBundle")]
    [TestCase("PackageImages::Install", "ArchPackage", "FedoraPackage")]
    [TestCase("PrunePlanner::Plan", "PlanPrune")]
    [TestCase("WorkloadRunner::Settings", "TraceImage", "VerifyMinimal", "CompilerLayer", "ArchPackage", "FedoraPackage")]
    [TestCase(
        "FakeSupplies::Provide",
        "BaseImage",
        "FullImage",
        "DeviceKits",
        "RecordAnswers",
        "PackageBundle",
        "ArchPackage",
        "FedoraPackage"
    )]
    [TestCase("FakeSupplies::Put", "FullImage", "PackageBundle")]
    [TestCase("FakeSupplies::Get", "FullImage")]
    [TestCase("FakeSupplies::Look")]
    public void Another_code(string method, params string[] again) =>
        Assert.That(
            SampleSteps
                .All.Where(s =>
                    CodeDigest
                        .Methods(s.Itself.GetType(), "Make", [typeof(FakeEngine), .. s.Outside.Select(o => o.GetType()).Distinct()])
                        .Any(m => m.Contains(method + "(", StringComparison.Ordinal))
                )
                .Select(s => s.Name),
            Is.EqualTo(again)
        );

    [Test]
    public void Another_keep_rule_of_gfxbake_itself() =>
        Assert.That(
            Names(
                new PlanStep().Gather(workspace.Open(), workspace.Engine),
                i => i with { OwnRules = [.. i.OwnRules, new KeepRule("/etc/group", "x")] }
            ),
            Is.EqualTo("keep rules of every image")
        );

    // The label's commit is the last one of what images are made of, so a commit of docs alone changes nothing.
    [Test]
    public void Another_commit_of_what_images_are_made_of() =>
        Assert.That(
            Changed(() => workspace.Revision = "4567"),
            Is.EqualTo(new[] { "CompilerLayer: configuration", "MinimalCandidate: labels", "VerifyMinimal: configuration" })
        );

    private List<string> Changed(Action change)
    {
        var before = All();
        change();
        return
        [
            .. All()
                .SelectMany(s => s.Value.Where(i => before[s.Key][i.Key] != i.Value).Select(i => $"{s.Key}: {i.Key}"))
                .Order(StringComparer.Ordinal),
        ];
    }

    private Dictionary<string, SortedDictionary<string, string>> All()
    {
        var open = workspace.Open();
        return SampleSteps.All.ToDictionary(s => s.Name, s => s.Inputs(open, workspace.Engine));
    }

    private static string Names<TInput>(TInput input, Func<TInput, TInput> change)
        where TInput : class
    {
        var (before, after) = (StepInputs.Of(input), StepInputs.Of(change(input)));
        return string.Join(", ", after.Where(i => before[i.Key] != i.Value).Select(i => i.Key));
    }
}
