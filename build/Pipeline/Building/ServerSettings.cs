using Gfxbake.Formats.Images;
using Gfxbake.Formats.Text;
using Gfxbake.Pipeline.Matching;
using Gfxbake.Recipes.Shared;

namespace Gfxbake.Pipeline.Building;

/// <summary>With which variables an Ollama runs on a stage's ROCm, worked out from the kernels that are there.</summary>
public sealed record ServerSettings
{
    private const string Override = "HSA_OVERRIDE_GFX_VERSION";

    /// <summary>The program.</summary>
    public required string Program { get; init; }

    public required IReadOnlyList<KeyValuePair<string, string>> Variables { get; init; }

    /// <summary>What was decided and why, a sentence each.</summary>
    public required IReadOnlyList<string> Reasons { get; init; }

    /// <param name="facts">Which variables there are.</param>
    /// <param name="places">Where things lie.</param>
    /// <param name="tree">The machine.</param>
    /// <param name="ollama">An Ollama on it.</param>
    /// <param name="stage">A ROCm on it.</param>
    /// <param name="gpu">The GPU that is to compute.</param>
    /// <param name="others">Whether there are further GPUs, and which number this one has; null where it is alone.</param>
    /// <exception cref="OllamaBuildException">There is no code for the GPU, or nothing to run.</exception>
    public static ServerSettings Of(
        OllamaBuildFacts facts,
        OllamaFacts places,
        MachineTree tree,
        OllamaInstallation ollama,
        RocmStage stage,
        string gpu,
        int? others = null
    )
    {
        var program = ollama.Program ?? throw new OllamaBuildException(string.Join("; ", ollama.Problems));
        var backend =
            (ollama.Backends is [var first, ..] ? first : null)
            ?? throw new OllamaBuildException($"{ollama.Folder} has nothing that computes on AMD's GPUs; run BuildOllama first");
        var blas = TreeGlob
            .Find(tree.Files, $"{stage.Libraries}/{places.Rocm.Blas}")
            .Select(tree.FileAt)
            .FirstOrDefault(b => b is not null);
        var kernels = new KernelCheck(places.Rocm, tree, Alone(gpu));
        var findings = kernels.Of(backend.Library, blas);
        var code = findings.Gpus.Single();
        if (!code.HasKernels && code.Override is null)
            throw new OllamaBuildException(Lacks(kernels.Named(backend.Library, blas), gpu));
        var read = ProgramTexts.Find(tree, program, [.. facts.Variables.Select(v => v.Reads).OfType<string>()]);
        var variables = facts
            .Variables.Where(v => (v.Reads is null || read.Contains(v.Reads)) && !v.NotFor.Contains(gpu))
            .Select(v => KeyValuePair.Create(Numbered(v.Name, others), Filled(v.Value, stage, code)))
            .Where(v => v.Value is not null)
            .Select(v => KeyValuePair.Create(v.Key, v.Value!));
        return new()
        {
            Program = program,
            Variables = [.. variables],
            Reasons =
            [
                code.Override is null
                    ? $"{gpu} has its own code in {Name(backend.Library)} and in rocBLAS's tables, so nothing is overridden"
                    : $"{gpu} has no code of its own {Where(code)}; {code.OverrideGpu}'s is in both, so it passes for that",
                .. findings.Problems.Concat(findings.Notes).Select(PlainText.Visible),
            ],
        };
    }

    /// <summary>ROCr reads a variable for one GPU where the number of the GPU follows its name.</summary>
    private static string Numbered(string name, int? others) => name == Override && others is { } number ? $"{name}_{number}" : name;

    private static MachineFindings Alone(string gpu) =>
        new()
        {
            Ollamas = [],
            Rocms = [],
            Gpus = [new MachineGpu(gpu, "0", [])],
            Variables = [],
            ServiceFiles = [],
        };

    private static string? Filled(string text, RocmStage stage, GpuCode code) =>
        text switch
        {
            "{libraries}" => stage.LibraryPath,
            "{tensile}" => stage.Tensile,
            "{override}" => code.HasKernels ? null : code.Override,
            _ => text,
        };

    private static string Where(GpuCode code) =>
        (code.InBackend, code.InBlas) switch
        {
            (false, false) => "anywhere",
            (false, _) => "in the backend",
            _ => "in rocBLAS's tables",
        };

    private static string Name(string path) => path[(path.LastIndexOf('/') + 1)..];

    private static string Lacks((IReadOnlyList<string>? Backend, IReadOnlyList<string>? Tables) named, string gpu) =>
        PlainText.Visible(
            $"there is no code for {gpu}, and no GPU of its kind has code in both: libggml-hip.so is for {Listed(named.Backend)}, "
                + $"rocBLAS's tables are for {Listed(named.Tables)}. Compile for one of the tables' GPUs, "
                + "for instance ./build.sh --target=BuildOllama --gpu=gfx1100, or stage a rocBLAS that has this GPU"
        );

    private static string Listed(IReadOnlyList<string>? gpus) =>
        gpus is null ? "nothing that can be read"
        : gpus.Count == 0 ? "none"
        : string.Join(", ", gpus);
}
