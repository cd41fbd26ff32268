using Cake.Core;
using Gfxbake.Formats.Gguf;
using Gfxbake.Host.Tests.Engine;
using Gfxbake.Host.Tests.Fakes;
using Gfxbake.Pipeline.Run;
using Gfxbake.Recipes.Reading;

namespace Gfxbake.Host.Tests.Tasks;

/// <summary>The target Units: what it writes, tells and refuses. What is in the files is for UnitFilesTests.</summary>
[TestFixture]
[NonParallelizable]
internal sealed class UnitsTests
{
    private const string Rule = """
        run:
          options:
            {model: model, projector: mmproj, context: ctx-size, parallel: parallel, cache_type: cache-type-k, address: host, port: port}
          modes:
            server: {program: sample-server, port: 8080, name: alias}
          same:
            - [--load-mode none, --no-mmap]

        """;

    private const string Preset = """
        title: tiny
        files: ['**/tiny*.gguf']
        from: owner/tiny-GGUF
        options: {ctx-size: '512', load-mode: none, gone: '1'}
        sources:
          - {where: nowhere, read: 2026-11-29, says: nothing}
        """;

    private const string Help = """
        -m,    --model FNAME       model path to load
        -c,    --ctx-size N        size of the context
        --no-mmap                  how
        --host HOST                where
        --port PORT                where
        -a,    --alias STRING      name
        """;

    private SampleBuild build = null!;

    private string Models => build.PathOf("models");

    private string Output => build.PathOf("out");

    [SetUp]
    public void SetUp()
    {
        build = new SampleBuild();
        build.Fixture.AddTool("podman");
        build.Machine = new HostTree(build.PathOf("machine"), _ => true, _ => 105u);
        build.Change("  user: someone", "  user: someone\n  ports: [8080]");
        build.Change("workloads:", Rule + "workloads:");
        build.Write("recipes/_shared/models/tiny.yml", Preset);
        build.Write("recipes/_shared/models/other.yml", Preset.Replace("tiny*", "other*"));
        File.Copy(
            Path.Combine(Checkout.RepositoryRoot, "recipes", "_shared", "units.yml"),
            build.PathOf("recipes/_shared/units.yml"),
            true
        );
        Checkout.CopyFolder(Path.Combine(Checkout.RepositoryRoot, "docker", "units"), build.PathOf("docker/units"));
        build.Processes.Answer = call =>
            call.Arguments.Contains("--help", StringComparison.Ordinal) ? new ProcessAnswer(0, Help.Split('\n'))
            : call.Arguments.Contains("localhost/sample:debian-minimal", StringComparison.Ordinal) ? new ProcessAnswer(0, "0123")
            : new ProcessAnswer(0, "sample engine 1.0");
        Directory.CreateDirectory(Models);
        foreach (var name in new[] { "tiny", "other" })
        {
            using var stream = File.Create(Path.Combine(Models, name + ".gguf"));
            RecipeBook.Open(Path.Combine(Checkout.RepositoryRoot, "recipes")).Models["llama"].Write("llama", 1, GgufTensorType.F16, stream);
        }
    }

    [TearDown]
    public void TearDown() => build.Dispose();

    [Test]
    public void Files_have_the_options_that_the_image_knows_and_a_port_each()
    {
        Run(("model", "tiny,other"), ("format", "router,quadlet"));

        var ini = File.ReadAllText(Path.Combine(Output, "models.ini"));
        Assert.That(ini, Does.Contain("[tiny]\nmodel = /models/tiny.gguf\nalias = tiny\nctx-size = 512\nno-mmap = true\n"));
        Assert.That(ini, Does.Not.Contain("gone"));
        Assert.That(File.ReadAllText(Path.Combine(Output, "sample-other.container")), Does.Contain("PublishPort=127.0.0.1:8081:8080\n"));
        Assert.That(Directory.GetFiles(Output), Has.Length.EqualTo(4));
    }

    [Test]
    public void Node_and_group_are_the_machine_s()
    {
        foreach (var file in new[] { "dev/kfd", "dev/dri/renderD128", "dev/dri/renderD129" })
            build.Write("machine/" + file, "");
        build.Write("machine/sys/class/kfd/kfd/topology/nodes/1/properties", "gfx_target_version 110501\ndrm_render_minor 129\n");

        Run(("model", "tiny"), ("format", "compose"));

        Assert.That(
            File.ReadAllText(Path.Combine(Output, "compose.yaml")),
            Does.Contain("\"/dev/kfd\"\n      - \"/dev/dri/renderD129\"\n").And.Contain("- \"105\"\n").And.Not.Contain("renderD128")
        );
    }

    [Test]
    public void Cpu_gets_no_node()
    {
        Run(("model", "tiny"), ("format", "compose"), ("device", "cpu"));

        Assert.That(File.ReadAllText(Path.Combine(Output, "compose.yaml")), Does.Not.Contain("/dev/"));
    }

    [Test]
    public void Dry_run_prints_the_files_and_writes_none()
    {
        var text = Run(("model", "tiny"), ("format", "router"), ("print-only", ""));

        Assert.That(text, Does.StartWith("==> models.ini (new)\n; ").And.Contain("[tiny]\n"));
        Assert.That(Output, Does.Not.Exist);
    }

    [Test]
    public void Changed_file_stays_unless_forced()
    {
        Run(("model", "tiny"), ("format", "router"));
        var file = Path.Combine(Output, "models.ini");
        File.AppendAllText(file, "; mine\n");

        Assert.That(() => Run(("model", "tiny"), ("format", "router")), Throws.TypeOf<CakeException>().With.Message.Contains("--force"));
        Assert.That(File.ReadAllText(file), Does.EndWith("; mine\n"));

        Run(("model", "tiny"), ("format", "router"), ("force", ""));
        Assert.That(File.ReadAllText(file), Does.Not.Contain("mine"));
    }

    [TestCase("Units needs --model=, for instance ./build.sh --target=Units --model=gpt-oss-20b")]
    [TestCase("there is no preset 'tinny'; did you mean tiny?", "model=tinny")]
    [TestCase("--format is 'composer'; known: ", "model=tiny", "format=composer")]
    [TestCase("--format=systemd is for the package, and sample has none", "model=tiny", "format=systemd")]
    public void Bad_input_is_told_in_a_sentence(string message, params string[] arguments) =>
        Assert.That(
            () => Run([.. arguments.Select(a => (a.Split('=')[0], a.Split('=')[1]))]),
            Throws.TypeOf<CakeException>().With.Message.Contains(message)
        );

    private string Run(params (string Name, string Value)[] arguments)
    {
        return StandardOutput.Of(() =>
        {
            build.CommandLine = CommandLine.Read([]);
            new Host.Tasks.Run.Units().Run(build.Open([.. arguments, ("model-base", Models), ("output", Output)]));
        });
    }
}
