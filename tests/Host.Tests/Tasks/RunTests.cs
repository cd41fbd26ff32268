using Cake.Core;
using Gfxbake.Formats.Gguf;
using Gfxbake.Host.Tests.Engine;
using Gfxbake.Host.Tests.Fakes;
using Gfxbake.Pipeline.Run;
using Gfxbake.Recipes.Reading;

namespace Gfxbake.Host.Tests.Tasks;

/// <summary>The targets Run and Models up to where a program would start: what they print, and what they refuse.</summary>
[TestFixture]
[NonParallelizable]
internal sealed class RunTests
{
    private const string Rule = """
        run:
          options: {model: model, projector: mmproj, context: ctx-size, parallel: parallel, cache_type: cache-type-k}
          defaults: {load-mode: none}
          modes:
            server: {program: sample-server, port: 8080, name: alias}
            bench: {program: sample-bench, only: {}}
          same:
            - [--load-mode none, --no-mmap]

        """;

    private const string Preset = """
        title: tiny
        files: ['**/tiny*.gguf']
        from: owner/tiny-GGUF
        options: {ctx-size: '512', parallel: '1', temp: '0.5'}
        modes: [server]
        note: It is small.
        sources:
          - {where: nowhere, read: 2026-11-29, says: temp 0.5}
        """;

    private const string Help = """
        -m,    --model FNAME       model path to load
        -c,    --ctx-size N        size of the context
        -lm,   --load-mode MODE    how
        -a,    --alias STRING      name
        -np,   --parallel N        slots
        --temp, --temperature N    temperature
        --jinja, --no-jinja        templates
        """;

    private SampleBuild build = null!;
    private bool hasImage = true;

    private string Models => build.PathOf("models");

    [SetUp]
    public void SetUp()
    {
        build = new SampleBuild();
        build.Fixture.AddTool("podman");
        build.Machine = new HostTree(build.PathOf("machine"), _ => true, _ => 105u);
        build.Change("  user: someone", "  user: someone\n  ports: [8080]");
        build.Change("workloads:", Rule + "workloads:");
        build.Write("recipes/_shared/models/tiny.yml", Preset);
        foreach (var name in new[] { "doctor.yml", "model-memory.yml" })
            File.Copy(Path.Combine(Checkout.RepositoryRoot, "recipes", "_shared", name), build.PathOf("recipes/_shared/" + name), true);
        MakeMachine();
        hasImage = true;
        build.Processes.Answer = call =>
            call.Arguments.Contains("--help", StringComparison.Ordinal) ? new ProcessAnswer(0, Help.Split('\n'))
            : call.Arguments.Contains("localhost/sample:debian-minimal", StringComparison.Ordinal)
                ? hasImage ? new ProcessAnswer(0, "0123")
                    : new ProcessAnswer(125) { Error = ["Error: localhost/sample:debian-minimal: image not known"] }
            : new ProcessAnswer(0, "sample engine 1.0");
        using var stream = File.Create(Path.Combine(Directory.CreateDirectory(Models).FullName, "tiny-f16.gguf"));
        RecipeBook.Open(Path.Combine(Checkout.RepositoryRoot, "recipes")).Models["llama"].Write("llama", 1, GgufTensorType.F16, stream);
    }

    [TearDown]
    public void TearDown() => build.Dispose();

    [Test]
    public void Command_gives_the_gpu_and_the_model_s_file_and_nothing_else() =>
        Assert.That(
            Dry(("model", "tiny"), ("port", "8081")),
            Is.EqualTo(
                $"""
                    podman run --rm --cap-drop=all --security-opt=no-new-privileges \
                    -p 127.0.0.1:8081:8080 \
                    -v {Models}/tiny-f16.gguf:/models/tiny-f16.gguf:ro \
                    --device /dev/kfd --device /dev/dri/renderD128 --group-add 105 \
                    --entrypoint sample-server localhost/sample:debian-minimal \
                    --model /models/tiny-f16.gguf --alias tiny --ctx-size 512 --load-mode none \
                    --parallel 1 --temp 0.5

                """
            )
        );

    [Test]
    public void Cpu_gets_no_device_and_a_program_without_a_port_no_network()
    {
        var command = Dry(("model", "tiny-f16.gguf"), ("mode", "bench"), ("device", "cpu"));

        Assert.That(command, Does.Contain("--network=none").And.Contain("--entrypoint sample-bench").And.Not.Contain("--device"));
        Assert.That(command, Does.Not.Contain("-p "));
    }

    [Test]
    public void What_follows_two_dashes_is_the_program_s_and_wins()
    {
        build.CommandLine = CommandLine.Read(["run", "--", "-c", "64", "--jinja"]);

        Assert.That(Dry(("model", "tiny")), Does.EndWith(" --temp 0.5 -c 64 --jinja\n").And.Not.Contain("--ctx-size"));
    }

    [Test]
    public void Help_is_asked_once_for_an_image_without_network()
    {
        Dry(("model", "tiny"));
        Dry(("model", "tiny"));

        var calls = build.Processes.CommandLines.Where(c => c.Contains("--help", StringComparison.Ordinal)).ToList();
        Assert.That(calls, Has.Count.EqualTo(1));
        Assert.That(calls[0], Does.Contain("--network=none").And.Contain("--entrypoint sample-server 0123 --help"));
    }

    [TestCase("tiny", "Run needs --model=, for instance ", null)]
    [TestCase("model=tinny", "there is no preset 'tinny'; did you mean tiny?\nNext: --target=Models lists the presets")]
    [TestCase("model=a/b.gguf", "--model=a/b.gguf: {root}/a/b.gguf is not there; name a model's file or a preset")]
    [TestCase("model=models/cut.gguf", "{root}/models/cut.gguf can't be run: cut.gguf: it is cut off: ")]
    [TestCase(
        "model=models/s-00001-of-00002.gguf",
        "{root}/models/s-00001-of-00002.gguf can't be run: s-00001-of-00002.gguf: part 2 of 2 is missing: s-00002-of-00002.gguf"
    )]
    [TestCase("model=models/text.gguf", "{root}/models/text.gguf can't be run: text.gguf: it is no GGUF file")]
    [TestCase("model=models/a:b.gguf", "{root}/models/a:b.gguf has a ':', which neither podman nor docker can mount")]
    [TestCase("model=tiny mode=chat", "--mode is 'chat'; known: bench, server")]
    [TestCase("model=tiny mode=bench", "the preset tiny is for --mode=server only: It is small.")]
    [TestCase("model=models/tiny-f16.gguf mode=bench port=1", "--port: sample-bench has none; leave it out")]
    [TestCase("model=tiny port=0", "--port is '0'; it is a number from 1 to 65535")]
    [TestCase("model=tiny device=tpu", "--device is 'tpu'; known: gpu, cpu")]
    [TestCase("model=tiny model-base=nowhere", "--model-base names {root}/nowhere, which is no folder; name it with --model-base=DIR")]
    [TestCase(
        "model=tiny model-base=bin",
        "{root}/bin has no file of tiny (**/tiny*.gguf)\nNext: put one there, for instance of huggingface"
    )]
    public void What_is_wrong_is_one_sentence(string arguments, string message, string? none = "")
    {
        var whole = File.ReadAllBytes(Path.Combine(Models, "tiny-f16.gguf"));
        build.Write("models/cut.gguf", whole[..(whole.Length / 2)]);
        build.Write("models/a:b.gguf", whole);
        build.Write("models/text.gguf", "not yet downloaded");
        using (var stream = File.Create(Path.Combine(Models, "s-00001-of-00002.gguf")))
            new GgufWriter().Add("split.no", 0u).Add("split.count", 2u).WriteTo(stream);
        var given = none is null ? [] : arguments.Split(' ').Select(a => a.Split('=')).Select(a => (a[0], a[1])).ToArray();

        Assert.That(
            () => Dry(given),
            Throws.TypeOf<CakeException>().With.Message.StartsWith(message.Replace("{root}", build.Root, StringComparison.Ordinal))
        );
    }

    [Test]
    public void Folder_that_nobody_names_is_an_error_with_the_three_ways() =>
        Assert.That(
            () => Text(new Host.Tasks.Run.Run().Run, ("model", "tiny"), ("print-only", "")),
            Throws
                .TypeOf<CakeException>()
                .With.Message.EqualTo(
                    "it is not known which folder has the models: name it with --model-base=DIR, with MODEL_BASE_PATH=DIR in the "
                        + "environment, or with ModelBasePath=DIR below [Gfxbake] in cake.config"
                )
        );

    [Test]
    public void Folder_is_named_by_the_environment_or_by_cake_config()
    {
        build.Fixture.Environment.Variables["MODEL_BASE_PATH"] = Models;
        Assert.That(Text(new Host.Tasks.Run.Run().Run, ("model", "tiny"), ("print-only", "")), Does.Contain("/models/tiny-f16.gguf:ro"));

        build.Fixture.Environment.Variables.Remove("MODEL_BASE_PATH");
        build.Write("cake.config", "[Gfxbake]\nRecipe=sample\nModelBasePath=models\n");
        Assert.That(Text(new Host.Tasks.Run.Run().Run, ("model", "tiny"), ("print-only", "")), Does.Contain("/models/tiny-f16.gguf:ro"));
    }

    [Test]
    public void Image_that_was_not_built_is_an_error_with_the_command_that_builds_it()
    {
        hasImage = false;

        Assert.That(
            () => Dry(("model", "tiny")),
            Throws
                .TypeOf<CakeException>()
                .With.Message.EqualTo(
                    "there is no image localhost/sample:debian-minimal\nNext: ./build.sh --target=MinimalImage builds it."
                )
        );
    }

    [TestCase("--temprature 1", "sample-server of this image has no --temprature; did you mean --temp or --temperature?")]
    [TestCase("--no-mmap", "sample-server of this image has no --no-mmap: it is --load-mode none now")]
    public void Option_that_the_image_lacks_is_an_error(string words, string message)
    {
        build.CommandLine = CommandLine.Read(["run", "--", .. words.Split(' ')]);

        Assert.That(() => Dry(("model", "tiny")), Throws.TypeOf<CakeException>().With.Message.EqualTo(message));
    }

    [Test]
    public void Machine_without_a_gpu_runs_nothing_in_silence()
    {
        Directory.Delete(build.PathOf("machine"), recursive: true);

        Assert.That(
            () => Dry(("model", "tiny")),
            Throws.TypeOf<CakeException>().With.Message.Contains("would not run on this machine's GPU").And.Message.Contains("--device=cpu")
        );
    }

    [Test]
    public void Node_without_right_is_doctor_s_error()
    {
        build.Machine = new HostTree(build.PathOf("machine"), p => !p.EndsWith("kfd", StringComparison.Ordinal), _ => 105u);

        Assert.That(
            () => Dry(("model", "tiny")),
            Throws.TypeOf<CakeException>().With.Message.Contains("would not run on this machine's GPU")
        );
    }

    [Test]
    public void List_says_what_is_here_and_whether_it_fits()
    {
        build.Write("recipes/_shared/models/other.yml", Preset.Replace("**/tiny", "**/other").Replace("owner/tiny", "owner/other"));

        var text = Text(new Host.Tasks.Run.Models().Run, ("model-base", Models));

        Assert.That(text, Does.Match(@"\n  tiny +2\.8 MB  fits: [0-9.]+ MB at 512 tokens\n      tiny-f16\.gguf\n"));
        Assert.That(text, Does.Match(@"\n  other +-  owner/other-GGUF\n"));
        Assert.That(text.Split('\n').Where(l => !l.Contains(build.Root)).Max(l => l.Length), Is.LessThanOrEqualTo(80));
    }

    private void MakeMachine()
    {
        foreach (var file in new[] { "dev/kfd", "dev/dri/renderD128", "sys/module/amdgpu/version" })
            build.Write("machine/" + file, "6.14\n");
        build.Write("machine/proc/meminfo", "MemTotal: 131072000 kB\nMemAvailable: 100000000 kB\n");
        build.Write("machine/sys/class/kfd/kfd/topology/nodes/1/properties", "gfx_target_version 110501\ndrm_render_minor 128\n");
    }

    private string Dry(params (string Name, string Value)[] arguments) =>
        Text(
            new Host.Tasks.Run.Run().Run,
            [.. arguments, ("print-only", ""), .. arguments.Any(a => a.Name == "model-base") ? [] : new[] { ("model-base", Models) }]
        );

    private string Text(Action<BuildContext> run, params (string Name, string Value)[] arguments)
    {
        return StandardOutput.Of(() =>
        {
            // A command line takes the console's output when it is read.
            build.CommandLine = CommandLine.Read([]) with
            {
                Extra = build.CommandLine?.Extra ?? [],
            };
            run(build.Open(arguments));
        });
    }
}
