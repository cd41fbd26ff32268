using System.Text;
using Gfxbake.Formats.Elf;
using Gfxbake.Pipeline.Matching;
using Gfxbake.Recipes.Reading;
using Gfxbake.Recipes.Shared;

namespace Gfxbake.Unit.Tests.Pipeline.Matching;

/// <summary>A made-up machine in a temporary folder.</summary>
internal sealed class MachineFolder : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("gfxbake-machine").FullName;

    public static OllamaFacts Facts { get; } = RecipeBook.Open(Path.Combine(RepositoryRoot.Path, "recipes")).Ollama;

    public string Root => folder;

    public MachineTree Tree => new(folder);

    public MachineFindings Findings => MachineSearch.Of(Facts, Tree);

    public MachineFolder File(string path, byte[]? content = null)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(folder + path)!);
        System.IO.File.WriteAllBytes(folder + path, content ?? []);
        return this;
    }

    public MachineFolder Text(string path, string text) => File(path, Encoding.UTF8.GetBytes(text));

    /// <summary>A library that the real loader takes too.</summary>
    public MachineFolder Library(string path, string soName, params string[] functions) => File(path, Stub(soName, functions));

    public MachineFolder Link(string path, string target)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(folder + path)!);
        System.IO.File.CreateSymbolicLink(folder + path, target);
        return this;
    }

    public MachineFolder Gpu(int node, int version, params string[] more) =>
        Text(
            $"/sys/class/kfd/kfd/topology/nodes/{node}/properties",
            $"simd_count 80\ngfx_target_version {version}\n{string.Concat(more.Select(m => $"{m} 1\n"))}"
        );

    public void Remove(string path) => System.IO.File.Delete(folder + path);

    public void Dispose() => Directory.Delete(folder, recursive: true);

    public static byte[] Stub(string soName, params string[] functions) =>
        StubWriter.Write(
            new StubLibrary
            {
                SoName = soName,
                Functions = [.. functions.Select(StubSymbol.Parse)],
                Why = "a test made it",
                Next = "run the test",
            }
        );

    /// <summary>Ollama's libraries in one of its layouts, each with the program and what the layout is told by.</summary>
    public MachineFolder Ollama(string layout, string version = "0.12.3", string at = "/usr/local")
    {
        var folder = $"{at}/lib/ollama";
        Text($"{at}/bin/ollama", $"\0build\t-ldflags=\"-w -s -X=github.com/ollama/ollama/version.Version={version} -X=github\"\0");
        string[] rocm = ["libamdhip64.so.6", "libhipblas.so.2", "librocblas.so.4", "rocblas/library/TensileLibrary_lazy_gfx1100.dat"];
        string[] files = layout switch
        {
            "A" => ["runners/rocm_avx/ollama_llama_server", "runners/rocm_avx/libggml_rocm.so", .. rocm],
            "B" or "D" => ["libggml-base.so", "rocm/libggml-hip.so", .. rocm.Select(r => $"rocm/{r}")],
            "C" => ["libggml-base.so", "libggml-hip.so", .. rocm.Select(r => $"rocm/{r}")],
            "E" => ["libggml-base.so.0", "llama-server", "rocm_v7_2/libggml-hip.so", .. rocm.Select(r => $"rocm_v7_2/{r}")],
            "F" =>
            [
                "libggml-base.so.0",
                "llama-server",
                "rocm_v7_14/libggml-hip.so",
                "rocm_v7_14/libamdhip64.so.7",
                "rocm_v7_14/rocblas/library/gfx1100/TensileLibrary_lazy_gfx1100.dat",
            ],
            _ => throw new ArgumentException(layout),
        };
        foreach (var file in files)
            File($"{folder}/{file}");
        return this;
    }
}
