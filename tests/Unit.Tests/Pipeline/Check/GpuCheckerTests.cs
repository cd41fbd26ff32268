using Gfxbake.Pipeline.Check;
using Gfxbake.Pipeline.Steps;
using Gfxbake.Recipes.Yaml;
using Gfxbake.Unit.Tests.Pipeline.Steps;

namespace Gfxbake.Unit.Tests.Pipeline.Check;

public sealed class GpuCheckerTests
{
    private const string Check = """
          - name: check
            device: still
            command: [server]
            environment: {OWN: "1"}
            expect: [on a GPU]
            serve: {port: 8080, ready: /, requests: [{path: /x}]}
            check:
              cpu_environment: {GPU: none}
              watch: {LOG: "3"}
              kernels: 'ran (?<kernel>\w+)'
              maps: [cat, /proc/1/maps]
              loads: [libgpu.so]
              shows: {device: 'device (?<shown>.*)'}

        """;

    private SampleWorkspace workspace = null!;

    [SetUp]
    public void SetUp()
    {
        workspace = new SampleWorkspace();
        workspace.Change("recipes/sample/recipe.yml", "workloads:\n", "workloads:\n" + Check);
    }

    [TearDown]
    public void TearDown() => workspace.Dispose();

    [Test]
    public void Check_is_no_workload_of_the_build()
    {
        var open = workspace.Open();

        Assert.That(open.Workloads.Select(w => w.Name), Has.None.EqualTo("check"));
        Assert.That(Target(open, null).Checks.Select(c => c.Name), Is.EqualTo(new[] { "check" }));
    }

    [Test]
    public void Check_runs_on_the_cpu_and_then_on_the_gpu()
    {
        var open = workspace.Open();
        var starter = new Keeping();
        var access = new GpuAccess(["/dev/kfd"], [7], KeepsGroups: false);

        var found = new GpuChecker(open, starter, new MemoryReporter()) { Gpu = access }.Run(Target(open, null), "image");

        Assert.Multiple(() =>
        {
            Assert.That(starter.Started.Select(s => s.Gpu), Is.EqualTo(new[] { null, access }));
            Assert.That(starter.Started.Select(s => s.Image), Is.All.EqualTo("image"));
            Assert.That(starter.Started[0].Environment, Is.EqualTo(new Dictionary<string, string> { ["OWN"] = "1", ["GPU"] = "none" }));
            Assert.That(starter.Started[1].Environment, Is.EqualTo(new Dictionary<string, string> { ["OWN"] = "1", ["LOG"] = "3" }));
            Assert.That(starter.Started.Select(s => s.Mounts.Count), Is.All.EqualTo(1), "the models, and no kit");
            Assert.That(found.Single().Verdict, Is.EqualTo(GpuVerdict.Failed));
            Assert.That(open.Paths.FailedLog("check"), Does.Exist);
        });
    }

    [Test]
    public void Null_gpu_gets_its_kit_and_is_not_watched()
    {
        var open = workspace.Open();
        Directory.CreateDirectory(open.Paths.Kit("still"));
        var starter = new Keeping();
        var target = Target(open, "still");

        new GpuChecker(open, starter, new MemoryReporter()) { Gpu = new(["/dev/kfd"], [], false) }.Run(target, "image");

        Assert.Multiple(() =>
        {
            Assert.That(target.Checks[0].Expect, Is.EqualTo(new[] { "on a GPU", "used still" }), "and its proof is asked for");
            Assert.That(starter.Started[1].Gpu, Is.Null);
            Assert.That(starter.Started[1].Environment["GPU"], Is.EqualTo("/opt/gfxbake/still/gpu.so"));
            Assert.That(starter.Started[1].Environment, Does.Not.ContainKey("LOG"));
            Assert.That(starter.Started[1].Mounts.Select(m => m.Target), Does.Contain("/opt/gfxbake/still"));
            Assert.That(starter.Started[0].Mounts.Select(m => m.Target), Does.Not.Contain("/opt/gfxbake/still"));
        });
    }

    [Test]
    public void Kit_that_was_not_made_is_asked_for()
    {
        var open = workspace.Open();

        Assert.That(
            () => new GpuChecker(open, new Keeping(), new MemoryReporter()).Run(Target(open, "still"), "image"),
            Throws
                .TypeOf<StepException>()
                .With.Message.EqualTo("artifacts/sample/debian/kits/still is missing; run ./build.sh --target=DeviceKits first")
        );
    }

    [Test]
    public void Device_of_another_kind_has_nothing_to_check()
    {
        var open = workspace.Open();

        Assert.That(() => Target(open, "beside"), Throws.TypeOf<StepException>().With.Message.Contains("nothing is to be checked"));
    }

    [Test]
    public void Device_that_a_check_is_not_for_is_left_out()
    {
        workspace.Change("recipes/sample/recipe.yml", "    expect: [on a GPU]\n", "    expect: [on a GPU]\n    not_on: {still: wrong}\n");
        var open = workspace.Open();

        Assert.That(() => Target(open, "still"), Throws.TypeOf<StepException>());
        Assert.That(Target(open, null).Checks, Has.Count.EqualTo(1));
    }

    [Test]
    public void Unknown_device_is_told_with_the_known_ones()
    {
        var open = workspace.Open();

        Assert.That(
            () => Target(open, "stil"),
            Throws.TypeOf<StepException>().With.Message.EqualTo("the variant debian of sample has no device 'stil'; known: still, beside")
        );
    }

    [Test]
    public void Machine_without_a_gpu_is_offered_what_stands_in_for_one()
    {
        var open = workspace.Open();

        Assert.That(
            GpuTarget.NoGpu(open.Book, open.Variant, "/dev/kfd", open.Command),
            Is.EqualTo(
                """
                this machine has no GPU that could be used: /dev/kfd is not there
                Without a GPU the same can run on what stands in for one:
                  ./build.sh --target=CheckGpu --device=still   (computes nothing)
                  ./build.sh --target=CheckGpu --device=beside   (computes, on the CPU)
                Where there should be a GPU, ./build.sh --target=Doctor tells what keeps it away.
                """.Replace("\r", "")
            )
        );
    }

    [TestCase("device: still\n    command: [server]", "command: [server]", "name a 'device' of the kind")]
    [TestCase(
        "    expect: [on a GPU]\n",
        "    expect: [a]\n    not_on: {nothing: why}\n",
        "unknown device 'nothing'; known: beside, still"
    )]
    [TestCase("- name: still\n", "- name: still\n    not_on: {still: why}\n", "only a workload with 'check' runs on other devices")]
    [TestCase("    expect: [on a GPU]\n", "", "without a text that only a used GPU gives")]
    [TestCase("ran (?<kernel>\\w+)", "ran (\\w+)", "has no group (?<kernel>…)")]
    [TestCase("ran (?<kernel>\\w+)", "ran (?<kernel>", "is no regular expression")]
    [TestCase("(?<shown>.*)", ".*", "has no group (?<shown>…)")]
    [TestCase("loads: [libgpu.so]", "loads: []", "name the libraries")]
    [TestCase("maps: [cat, /proc/1/maps]", "maps: []", "the command is empty")]
    [TestCase("serve: {port: 8080, ready: /, requests: [{path: /x}]}", "timeout: 9", "only a server can be looked at")]
    [TestCase("{path: /x}", "{path: /x, compare: true}", "CheckGpu compares numbers, and no text")]
    [TestCase("ready: /,", "ready: /, healthcheck: true,", "an installed program has no health check")]
    [TestCase(
        "{path: /x}",
        "{path: /x, json: '{\"n_probs\":4}', numbers: {against: run, largest: 1, least: 1}}",
        "CheckGpu holds them against the CPU's of the same moment; write 'cpu'"
    )]
    public void Check_that_proves_nothing_is_refused(string from, string to, string message)
    {
        workspace.Change("recipes/sample/recipe.yml", from, to);

        Assert.That(() => workspace.Open(), Throws.TypeOf<RecipeException>().With.Message.Contains(message));
    }

    private static GpuTarget Target(Workspace open, string? device) => GpuTarget.Of(open.Book, open.Recipe, open.VariantName, device);

    /// <summary>Keeps what was started, all of which ends at once.</summary>
    private sealed class Keeping : IStarter
    {
        public List<ContainerStart> Started { get; } = [];

        public IContainer Start(ContainerStart start)
        {
            Started.Add(start);
            return new Ended();
        }

        public void Sleep(TimeSpan time) { }
    }

    private sealed class Ended : IContainer
    {
        public bool HasExited => true;

        public string Stdout => "";

        public string Stderr => "";

        public int? Wait(TimeSpan limit) => 1;

        public void Kill() { }

        public Uri? Address(int port) => null;

        public IReadOnlyList<string> Execute(TimeSpan limit, params IEnumerable<string> words) => [];

        public IReadOnlyList<string> Maps(IReadOnlyList<string> words) => [];

        public void Interrupt() { }

        public void Dispose() { }
    }
}
