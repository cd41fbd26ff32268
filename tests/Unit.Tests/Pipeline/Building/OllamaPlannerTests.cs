using Gfxbake.Formats.Images;
using Gfxbake.Pipeline.Building;
using Gfxbake.Recipes.Reading;
using Gfxbake.Recipes.Shared;

namespace Gfxbake.Unit.Tests.Pipeline.Building;

/// <summary>Sources of the shapes that Ollama's tags have, as small as can be.</summary>
[TestFixture]
internal sealed class OllamaPlannerTests
{
    /// <summary>0.5.8 to 0.11.10; with the second line 0.18 to 0.24.</summary>
    private const string Root6 = """
        {"version": 3, "configurePresets": [
          {"name": "Default", "cacheVariables": {"CMAKE_BUILD_TYPE": "Release"}},
          {"name": "CPU", "inherits": ["Default"]},
          {"name": "ROCm", "inherits": ["Default"], "cacheVariables": {"CMAKE_HIP_PLATFORM": "amd"}},
          {"name": "ROCm 6", "inherits": ["ROCm"], "cacheVariables": {"AMDGPU_TARGETS": "gfx900"}}MORE],
         "buildPresets": [
          {"name": "CPU", "configurePreset": "Default", "targets": ["ggml-cpu"]},
          {"name": "ROCm", "configurePreset": "ROCm", "targets": ["ggml-hip"]},
          {"name": "ROCm 6", "inherits": ["ROCm"], "configurePreset": "ROCm 6"}]}
        """;

    private const string Seven =
        """, {"name": "ROCm 7", "inherits": ["ROCm"], "cacheVariables": {"AMDGPU_TARGETS": "gfx942", "OLLAMA_RUNNER_DIR": "rocm"}}""";

    /// <summary>0.30 and later.</summary>
    private const string Server = """
        {"version": 3, "configurePresets": [
          {"name": "default", "cacheVariables": {"BUILD_SHARED_LIBS": "ON"}},
          {"name": "cpu", "inherits": ["default"], "cacheVariables": {"OLLAMA_RUNNER_DIR": ""}},
          {"name": "rocm_v7_1_windows", "inherits": ["default"], "cacheVariables": {"OLLAMA_RUNNER_DIR": "rocm_v7_1"}},
          {"name": "rocm_v7_2_base", "hidden": true, "inherits": ["default"], "cacheVariables": {"OLLAMA_RUNNER_DIR": "DIR"}},
          {"name": "rocm_v7_2_linux", "inherits": ["rocm_v7_2_base"], "cacheVariables": {"AMDGPU_TARGETS": "gfx1030"}},
          {"name": "rocm_v7_2_user_arch", "inherits": ["rocm_v7_2_base"]}],
         "buildPresets": [{"name": "rocm_v7_2_linux", "configurePreset": "rocm_v7_2_linux", "targets": ["ggml-hip"]}]}
        """;

    private static readonly OllamaBuildFacts Facts = RecipeBook.Open(Path.Combine(RepositoryRoot.Path, "recipes")).OllamaBuild;

    private string folder = null!;

    [SetUp]
    public void SetUp() => folder = Directory.CreateTempSubdirectory("gfxbake-ollama").FullName;

    [TearDown]
    public void TearDown() => Directory.Delete(folder, recursive: true);

    [TestCase("6.4.4", false, "ROCm 6", "lib/ollama")]
    [TestCase("6.3", true, "ROCm 6", "lib/ollama")]
    [TestCase("7.2.4", true, "ROCm 7", "lib/ollama/rocm")]
    public void Preset_is_the_one_for_the_stages_rocm(string rocm, bool seven, string preset, string to)
    {
        Backend(seven);
        var plan = Plan(rocm);

        Assert.That(plan.Form, Is.EqualTo("ml/backend"));
        Assert.That(plan.Steps.Select(s => s.Preset), Is.EqualTo(new[] { preset, "CPU" }));
        Assert.That(plan.Steps[0].Targets, Is.EqualTo(new[] { "ggml-hip" }));
        Assert.That(plan.Steps[0].Collect[0], Is.EqualTo(new CollectedFiles("lib/ollama/libggml-hip.so*", to)));
    }

    [Test]
    public void Source_without_a_preset_for_this_rocm_names_those_that_there_are()
    {
        Backend(seven: false);

        Assert.That(
            () => Plan("7.2.4"),
            Throws
                .TypeOf<OllamaBuildException>()
                .With.Message.StartsWith(
                    "CMakePresets.json has no preset 'ROCm 7' for ROCm 7.2.4; it has 'Default', 'CPU', 'ROCm', 'ROCm 6'."
                )
        );
    }

    [TestCase("7.2.4", "rocm_v7_2_user_arch")]
    [TestCase("7.9", "rocm_v7_2_linux", Description = "the same number in front is near enough, a preset of Windows is not")]
    public void Newer_source_has_its_presets_beside_the_server(string rocm, string preset)
    {
        Newer();
        var plan = Plan(rocm);

        Assert.That((plan.Form, plan.Source), Is.EqualTo(("llama/server", "llama/server")));
        Assert.That(plan.Steps.Select(s => s.Preset), Is.EqualTo(new[] { preset, "cpu" }));
        Assert.That(plan.Steps[0].Collect[0].To, Is.EqualTo("lib/ollama/rocm_v7_2"));
        Assert.That(plan.Go, Has.Member("/out/bin/ollama").And.Some.Contains("version.Version=0.32.15"));
    }

    [Test]
    public void Options_are_the_stages_and_only_the_wanted_gpus_code_is_compiled()
    {
        Newer();

        Assert.That(
            Plan("7.2.4", ("llama.cpp", "/src/llama.cpp")).Steps[0].Options,
            Is.EqualTo(
                new[]
                {
                    "-DAMDGPU_TARGETS=gfx1103",
                    "-DCMAKE_BUILD_TYPE=Release",
                    "-DCMAKE_BUILD_WITH_INSTALL_RPATH=ON",
                    "-DCMAKE_HIP_ARCHITECTURES=gfx1103",
                    "-DCMAKE_HIP_COMPILER=/stage/bin/clang++",
                    "-DCMAKE_HIP_COMPILER_ROCM_ROOT=/stage",
                    "-DCMAKE_HIP_FLAGS=--rocm-path=/stage --rocm-device-lib-path=/stage/amdgcn/bitcode",
                    "-DCMAKE_INSTALL_RPATH=$ORIGIN",
                    "-DCMAKE_PREFIX_PATH=/stage;/stage/lib64/cmake",
                    "-DFETCHCONTENT_SOURCE_DIR_LLAMA_CPP=/src/llama.cpp",
                    "-DGPU_TARGETS=gfx1103",
                }
            )
        );
        Assert.That(Plan("7.2.4").Steps[1].Options, Has.None.Contains("HIP"), "the CPU's part needs no ROCm");
    }

    [Test]
    public void Old_source_without_presets_says_what_to_do()
    {
        Write("make/Makefile.rocm", "");

        Assert.That(
            () => Plan("6.4"),
            Throws.TypeOf<OllamaBuildException>().With.Message.Contains("no CMake preset").And.Message.Contains("Take 0.5.8 or later")
        );
    }

    [Test]
    public void Folder_that_is_no_source_of_Ollama_is_told() =>
        Assert.That(() => Plan("7.2"), Throws.TypeOf<OllamaBuildException>().With.Message.Contains("no source of Ollama"));

    [TestCase("../../../etc")]
    [TestCase("/etc")]
    [TestCase("a/b")]
    public void Preset_can_not_lead_out_of_the_result(string name)
    {
        Newer(name);

        Assert.That(() => Plan("7.2"), Throws.TypeOf<OllamaBuildException>().With.Message.Contains("which is no folder's name"));
    }

    [TestCase(null, "the stage has no compiler")]
    [TestCase("/a folder/clang++", "has a space")]
    public void Compiler_that_can_not_be_used_is_told(string? compiler, string said)
    {
        Newer();

        Assert.That(
            () =>
                new OllamaPlanner(Facts, new FolderTree(folder)).Plan(
                    Question("7.2") with
                    {
                        Stage = Stage("7.2") with { Compiler = compiler },
                    }
                ),
            Throws.TypeOf<OllamaBuildException>().With.Message.Contains(said)
        );
    }

    [Test]
    public void Only_what_is_compiled_against_the_stage_gets_its_libraries()
    {
        Newer();
        var steps = Plan("7.2.4").Steps;

        Assert.That(steps[0].Environment.Keys, Is.EqualTo(new[] { "LD_LIBRARY_PATH", "LIBRARY_PATH" }));
        Assert.That(steps[0].Environment.Values, Is.All.EqualTo("/stage/lib64:/stage/llvm/lib"));
        Assert.That(steps[1].Environment, Is.Empty);
    }

    [Test]
    public void Pin_of_the_fetched_code_is_read()
    {
        Newer();
        var planner = new OllamaPlanner(Facts, new FolderTree(folder));

        Assert.That(planner.Pin(planner.Form().Fetched["llama.cpp"]), Is.EqualTo("b10488"));
    }

    private static RocmStage Stage(string rocm) =>
        new()
        {
            Libraries = "/stage/lib64",
            LibraryPath = "/stage/lib64:/stage/llvm/lib",
            Tensile = null,
            Compiler = "/stage/bin/clang++",
            Prefix = "/stage",
            DeviceLibraries = "/stage/amdgcn/bitcode",
            Version = rocm,
        };

    private static OllamaQuestion Question(string rocm, params (string, string)[] folders) =>
        new()
        {
            Stage = Stage(rocm),
            Gpu = "gfx1103",
            Version = "0.32.15",
            Output = "/out/bin/ollama",
            Folders = folders.ToDictionary(f => f.Item1, f => f.Item2),
        };

    private OllamaPlan Plan(string rocm, params (string, string)[] folders) =>
        new OllamaPlanner(Facts, new FolderTree(folder)).Plan(Question(rocm, folders));

    private void Backend(bool seven)
    {
        Write("CMakePresets.json", Root6.Replace("MORE", seven ? Seven : ""));
        Write("ml/backend/ggml/ggml/src/CMakeLists.txt", "");
    }

    private void Newer(string directory = "rocm_v7_2")
    {
        Write(
            "llama/server/CMakePresets.json",
            Server.Replace("DIR\"", directory + "\"").Replace("OLLAMA_RUNNER_" + directory, "OLLAMA_RUNNER_DIR")
        );
        Write("LLAMA_CPP_VERSION", "b10488\n");
        Write("go.mod", "");
    }

    private void Write(string name, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(folder, name))!);
        File.WriteAllText(Path.Combine(folder, name), text);
    }
}
