using Cake.Core;
using Gfxbake.Formats.Files;
using Gfxbake.Host.Tasks.Rocm;
using Gfxbake.Host.Tests.Fakes;
using Gfxbake.Pipeline.Building;

namespace Gfxbake.Host.Tests.Tasks;

/// <summary>The target BuildOllama, with a compiler that only writes files.</summary>
[TestFixture]
[NonParallelizable]
internal sealed class BuildOllamaTests
{
    private static readonly (string, string)[] Sources = [("source", "ollama=ollama"), ("source", "llama.cpp=llama.cpp"), ("jobs", "3")];

    private OllamaSample sample = null!;

    [SetUp]
    public void SetUp() => sample = new OllamaSample();

    [TearDown]
    public void TearDown() => sample.Dispose();

    [Test]
    public void Commands_are_those_of_the_source_and_the_stage()
    {
        Run(Sources);
        var (root, work) = (sample.Build.Root, $"{sample.Build.Root}/artifacts/sample/ollama-build");
        var stage = $"{root}/{OllamaSample.Stage}/usr";
        var common = $"\"-DCMAKE_BUILD_TYPE=Release\" \"-DCMAKE_BUILD_WITH_INSTALL_RPATH=ON\"";

        Assert.That(
            sample.Commands.Skip(2),
            Is.EqualTo(
                new[]
                {
                    $"cmake -S \"{work}/src/ollama/llama/server\" -G \"Ninja\" \"--preset\" \"rocm_v7_2_linux\" \"-B\" \"{work}/gpu\""
                        + $" \"-DAMDGPU_TARGETS=gfx1151\" {common} \"-DCMAKE_HIP_ARCHITECTURES=gfx1151\""
                        + $" \"-DCMAKE_HIP_COMPILER={stage}/bin/clang++\" \"-DCMAKE_HIP_COMPILER_ROCM_ROOT={stage}\""
                        + $" \"-DCMAKE_HIP_FLAGS=--rocm-path={stage} --rocm-device-lib-path={stage}/lib/clang/22/amdgcn/bitcode\""
                        + $" \"-DCMAKE_INSTALL_RPATH=$ORIGIN\" \"-DCMAKE_PREFIX_PATH={stage};{stage}/lib64/cmake\""
                        + $" \"-DFETCHCONTENT_SOURCE_DIR_LLAMA_CPP={work}/src/llama.cpp\" \"-DGPU_TARGETS=gfx1151\"",
                    $"cmake --build \"{work}/gpu\" \"--target\" \"ggml-hip\" \"--parallel\" \"3\"",
                    $"cmake -S \"{work}/src/ollama/llama/server\" -G \"Ninja\" \"--preset\" \"cpu\" \"-B\" \"{work}/cpu\" {common}"
                        + $" \"-DCMAKE_INSTALL_RPATH=$ORIGIN\" \"-DFETCHCONTENT_SOURCE_DIR_LLAMA_CPP={work}/src/llama.cpp\"",
                    $"cmake --build \"{work}/cpu\" \"--target\" \"llama-server\" \"llama-quantize\" \"--parallel\" \"3\"",
                    "go build -trimpath -buildmode=pie \"-ldflags=-w -s -X=github.com/ollama/ollama/version.Version=0.0.0\" -o "
                        + $"{root}/artifacts/sample/ollama.partial/bin/ollama .",
                }
            )
        );
    }

    [Test]
    public void Stages_compiler_finds_its_libraries()
    {
        Run(Sources);
        var stage = $"{sample.Build.Root}/{OllamaSample.Stage}/usr/lib64";
        var set = sample.Build.Processes.Calls.Where(c => c.CommandLine.StartsWith("cmake", StringComparison.Ordinal)).ToList();

        Assert.That(
            set.Skip(1).Select(c => c.Settings.EnvironmentVariables?.TryGetValue("LD_LIBRARY_PATH", out var value) == true ? value : null),
            Is.EqualTo(new[] { $"{stage}:{stage}/rocm/llvm/lib", $"{stage}:{stage}/rocm/llvm/lib", null, null })
        );
    }

    [Test]
    public void Recipe_gives_options_for_the_machine()
    {
        sample.Build.Change("sources: [ollama, llama.cpp]}", "sources: [ollama, llama.cpp], cmake: {GGML_CUDA_FA: \"OFF\"}}");

        Run(Sources);

        Assert.That(
            sample.Commands.Where(c => c.Contains("--preset", StringComparison.Ordinal)),
            Has.Exactly(2).Items.And.All.Contains("\"-DGGML_CUDA_FA=OFF\"")
        );
    }

    [Test]
    public void Files_lie_as_Ollama_wants_them_and_the_record_names_them()
    {
        Run(Sources);
        var record = RecordFile.TryRead<OllamaRecord>(sample.Build.PathOf("artifacts/sample/ollama.json"))!;

        Assert.That(
            record.Files.Select(f => f.Path),
            Is.EqualTo(
                new[]
                {
                    "bin/ollama",
                    "lib/ollama/libggml-base.so",
                    "lib/ollama/libggml-base.so.0",
                    "lib/ollama/libggml-cpu-haswell.so",
                    "lib/ollama/llama-server",
                    "lib/ollama/rocm_v7_2/libggml-hip.so",
                }
            )
        );
        Assert.That(record.Files.Single(f => f.Path.EndsWith("base.so")).Link, Is.EqualTo("libggml-base.so.0"));
        Assert.That((record.Rocm, record.Gpu, record.Presets["gpu"]), Is.EqualTo(("7.2.4", "gfx1151", "rocm_v7_2_linux")));
    }

    [Test]
    public void Second_run_does_nothing_and_says_so()
    {
        Run(Sources);
        var before = sample.Commands.Count;
        Run(Sources);

        Assert.That(sample.Commands.Skip(before), Has.None.Contains("--build"));
        Assert.That(sample.Build.Log, Has.Some.Contains("nothing to do"));
    }

    [TestCase("ollama/llama/server/new.cpp", "source of ollama")]
    [TestCase("llama.cpp/CMakeLists.txt", "source of llama.cpp")]
    public void Changed_source_is_compiled_again_and_named(string file, string why)
    {
        Run(Sources);
        sample.Build.Write(file, "changed");
        Run(Sources);

        Assert.That(sample.Commands.Count(c => c.Contains("--build")), Is.EqualTo(4));
        Assert.That(sample.Build.Log, Has.Some.Contains($"again, because of: {why}"));
    }

    [Test]
    public void Lost_file_is_made_again()
    {
        Run(Sources);
        File.Delete(sample.Build.PathOf("artifacts/sample/ollama/bin/ollama"));
        Run(Sources);

        Assert.That(sample.Build.PathOf("artifacts/sample/ollama/bin/ollama"), Does.Exist);
    }

    [Test]
    public void Other_gpu_can_be_named()
    {
        Run([.. Sources, ("gpu", "gfx1100")]);

        Assert.That(sample.Commands, Has.Some.Contains("-DAMDGPU_TARGETS=gfx1100"));
        Assert.That(
            () => Run([.. Sources, ("gpu", "gfx1100,gfx1103")]),
            Throws.TypeOf<CakeException>().With.Message.Contains("name one GPU")
        );
    }

    [Test]
    public void Failure_shows_the_first_error_and_where_the_log_is()
    {
        sample.Failure = new ProcessAnswer(1, "[1/9] Building", "FAILED: a.o", "a.cu:1:2: error: no such thing", "[3/9] Building");

        Assert.That(
            () => Run(Sources),
            Throws
                .TypeOf<CakeException>()
                .With.Message.Contains(
                    "the first error in artifacts/sample/ollama-build.log:\n  FAILED: a.o\n  a.cu:1:2: error: no such thing"
                )
        );
        Assert.That(sample.Build.PathOf("artifacts/sample/ollama"), Does.Not.Exist);
        Assert.That(File.ReadAllText(sample.Build.PathOf("artifacts/sample/ollama-build.log")), Does.Contain("[3/9] Building"));
    }

    [Test]
    public void Dry_run_prints_the_commands_and_starts_none()
    {
        var said = Run([.. Sources, ("print-only", "")]);

        Assert.That(said, Does.Contain("--preset rocm_v7_2_linux").And.Contain("into artifacts/sample/ollama"));
        Assert.That(sample.Commands, Is.Empty);
    }

    [Test]
    public void Without_a_stage_the_error_says_what_to_run()
    {
        File.Delete(sample.Build.PathOf($"{OllamaSample.Stage}.json"));

        Assert.That(() => Run(Sources), Throws.TypeOf<CakeException>().With.Message.Contains("--target=StageRocm"));
    }

    [Test]
    public void Stage_can_not_name_what_lies_outside()
    {
        var record = sample.Build.PathOf($"{OllamaSample.Stage}.json");
        File.WriteAllText(record, File.ReadAllText(record).Replace("usr/bin/clang++", "../../evil"));

        Assert.That(() => Run(Sources), Throws.TypeOf<CakeException>().With.Message.Contains("which is not in the stage"));
    }

    [Test]
    public void Recipe_that_compiles_nothing_here_is_told()
    {
        sample.Build.Change("compile: {code_target: gfx1151, sources: [ollama, llama.cpp]}\n", "");

        Assert.That(() => Run(Sources), Throws.TypeOf<CakeException>().With.Message.Contains("--recipe=ollama-rocm-igpu"));
    }

    // Before the stage is looked for: who has none yet would else be sent there with an argument that can't work.
    [TestCase(true)]
    [TestCase(false)]
    public void Folder_that_is_not_there_is_named(bool isStaged)
    {
        if (!isStaged)
            File.Delete(sample.Build.PathOf($"{OllamaSample.Stage}.json"));

        Assert.That(
            () => Run(("source", "ollama=nowhere")),
            Throws.TypeOf<CakeException>().With.Message.Contains("NAME=DIR can name ollama")
        );
    }

    private string Run(params (string Name, string Value)[] arguments)
    {
        return StandardOutput.Of(() =>
        {
            try
            {
                sample.Build.CommandLine = new CommandLine([]);
                new BuildOllama().Run(sample.Build.Open(arguments));
            }
            finally
            {
                sample.Build.Interruption.Release();
            }
        });
    }
}
