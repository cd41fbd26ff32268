using System.Text;
using Gfxbake.Formats.Files;
using Gfxbake.Host.Tests.Engine;
using Gfxbake.Host.Tests.Fakes;
using Gfxbake.Pipeline.Staging;

namespace Gfxbake.Host.Tests.Tasks;

/// <summary>A checkout whose recipe compiles an Ollama of the shape of today's, with a stage; CMake and go only write files.</summary>
internal sealed class OllamaSample : IDisposable
{
    public const string Stage = "artifacts/sample/rocm-stage";

    public OllamaSample()
    {
        foreach (var name in new[] { "ollama.yml", "ollama-build.yml", "ollama-log.yml", "share.yml", "doctor.yml" })
        {
            var to = Build.PathOf($"recipes/_shared/{name}");
            File.Copy(Path.Combine(Checkout.RepositoryRoot, "recipes", "_shared", name), to, overwrite: true);
        }

        Build.Change(
            "variants:\n",
            """
            compile: {code_target: gfx1151, sources: [ollama, llama.cpp]}
            sources:
              ollama:
                repository: "https://example.org/o"
                tag: v0.32.15
                commit: 0123456789012345678901234567890123456789
                cmake: {CMAKE_C_COMPILER: clang-22, GGML_HIP: "ON", GPU_TARGETS: "{code_target}"}
              llama.cpp: {repository: "https://example.org/l", tag: b1, commit: 0123456789012345678901234567890123456789}
            variants:

            """
        );
        Build.Write("ollama/go.mod", "");
        Build.Write("ollama/LLAMA_CPP_VERSION", "b10488\n");
        Build.Write("ollama/llama/server/CMakePresets.json", Presets);
        Build.Write("llama.cpp/CMakeLists.txt", "");
        foreach (var tool in new[] { "cmake", "git", "go", "ninja" })
            Build.Fixture.AddTool(tool);
        RecordFile.Write(
            Build.PathOf($"{Stage}.json"),
            new StageRecord
            {
                Libraries = "usr/lib64",
                LibraryFolders = ["usr/lib64", "usr/lib64/rocm/llvm/lib"],
                Tensile = "usr/lib64/rocblas/library",
                Compiler = "usr/bin/clang++",
                Prefix = "usr",
                RocmVersion = "7.2.4",
                Packages = [],
                DeviceLibraries = "usr/lib/clang/22/amdgcn/bitcode",
                NeededOfHost = [],
                Count = new StageCount(2, 0, 0),
                Inputs = "",
                Tree = "",
            }
        );
        Build.Write($"{Stage}/usr/lib/clang/22/amdgcn/bitcode/ocml.bc", "");
        Build.Write($"{Stage}/usr/lib64/libamdhip64.so.7", "");
        Build.Processes.Answer = Compile;
    }

    public SampleBuild Build { get; } = new();

    /// <summary>What the compiler says instead of compiling.</summary>
    public ProcessAnswer? Failure { get; set; }

    public IReadOnlyList<string> Commands => [.. Build.Processes.CommandLines.Where(c => !c.StartsWith("git ", StringComparison.Ordinal))];

    private const string Presets = """
        {"version": 3, "configurePresets": [
          {"name": "cpu"},
          {"name": "rocm_v7_2_linux", "cacheVariables": {"OLLAMA_RUNNER_DIR": "rocm_v7_2"}}]}
        """;

    public void Dispose() => Build.Dispose();

    private ProcessAnswer Compile(ProcessCall call)
    {
        var words = call.Arguments.Replace("\"", "").Split(' ');
        // The sources are folders and no repositories.
        if (Path.GetFileName(call.File) == "git")
            return new ProcessAnswer(128);
        if (words is ["--version"])
            return new ProcessAnswer(0, "cmake version 4.4.0");
        if (words is ["version"])
            return new ProcessAnswer(0, "go version go1.27");
        if (words[0] == "--build" && Failure is not null)
            return Said(call, Failure);
        if (words[0] == "--build")
        {
            string[] files = words[1].EndsWith("/gpu", StringComparison.Ordinal)
                ? ["libggml-hip.so"]
                : ["llama-server", "libggml-base.so.0", "libggml-cpu-haswell.so"];
            foreach (var file in files)
                Write(Path.Combine(words[1], "bin", file), file);
            File.Delete(Path.Combine(words[1], "bin", "libggml-base.so"));
            if (files.Length > 1)
                File.CreateSymbolicLink(Path.Combine(words[1], "bin", "libggml-base.so"), "libggml-base.so.0");
        }
        else if (words[0] == "build")
        {
            Write(words[words.IndexOf("-o") + 1], "OLLAMA_IGPU_ENABLE");
        }

        return new ProcessAnswer();
    }

    /// <summary>Cake reads no output that is handed on line by line.</summary>
    private static ProcessAnswer Said(ProcessCall call, ProcessAnswer answer)
    {
        foreach (var line in answer.Output)
            call.Settings.RedirectedStandardOutputHandler(line);
        return answer;
    }

    private static void Write(string path, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, Encoding.UTF8.GetBytes(text));
    }
}
