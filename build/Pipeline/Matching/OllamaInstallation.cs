namespace Gfxbake.Pipeline.Matching;

/// <summary>An Ollama as it lies on disk. All paths are those below the machine's root.</summary>
public sealed record OllamaInstallation
{
    /// <summary>The folder of its libraries, lib/ollama.</summary>
    public required string Folder { get; init; }

    /// <summary>The program ollama; null where it is not where it should be.</summary>
    public string? Program { get; init; }

    /// <summary>As the program says; null where that can't be read.</summary>
    public string? Version { get; init; }

    /// <summary>Name of the layout in ollama.yml; null where no layout fits.</summary>
    public string? Layout { get; init; }

    /// <summary>What the layout is, for people.</summary>
    public string? About { get; init; }

    /// <summary>Whether OLLAMA_LLM_LIBRARY chooses one of several folders beside each other.</summary>
    public bool Selects { get; init; }

    /// <summary>What computes on AMD's GPUs; the one that Ollama prefers comes first.</summary>
    public IReadOnlyList<OllamaBackend> Backends { get; init; } = [];

    /// <summary>What computes through Vulkan; null where nothing does.</summary>
    public string? Vulkan { get; init; }

    /// <summary>What makes it half an installation; a sentence each.</summary>
    public IReadOnlyList<string> Problems { get; init; } = [];
}

/// <summary>A library that computes on AMD's GPUs.</summary>
public sealed record OllamaBackend
{
    /// <summary>The library, libggml-hip.so.</summary>
    public required string Library { get; init; }

    /// <summary>The name of its folder, which OLLAMA_LLM_LIBRARY can choose.</summary>
    public required string Name { get; init; }

    /// <summary>Where the ROCm lies that Ollama brings for it; null where it brings none.</summary>
    public string? Rocm { get; init; }

    /// <summary>The program that opens the library; null where it is not there.</summary>
    public string? Process { get; init; }

    /// <summary>What Ollama puts in front of LD_LIBRARY_PATH, in this order.</summary>
    public IReadOnlyList<string> Search { get; init; } = [];
}

/// <summary>A ROCm as it lies on disk.</summary>
public sealed record RocmInstallation
{
    /// <summary>The folder of its libraries.</summary>
    public required string Libraries { get; init; }

    /// <summary>Which kind of place it is, as ollama.yml names it.</summary>
    public required string Kind { get; init; }

    /// <summary>ROCm's own number where a file tells it; HIP counts otherwise, so the two are never compared.</summary>
    public string? Version { get; init; }

    /// <summary>File names by which programs load HIP from it, such as libamdhip64.so.7.</summary>
    public IReadOnlyList<string> Hip { get; init; } = [];
}

/// <summary>A GPU that the kernel shows to ROCm.</summary>
/// <param name="Name">For instance gfx1151.</param>
/// <param name="Node">Its number in /sys/class/kfd.</param>
/// <param name="Properties">Names of the lines that the kernel shows of it.</param>
public sealed record MachineGpu(string Name, string Node, IReadOnlyList<string> Properties);

/// <summary>A variable of the service that decides which library or GPU is taken.</summary>
/// <param name="Name">For instance OLLAMA_LLM_LIBRARY.</param>
/// <param name="Value">What it is in the end.</param>
/// <param name="From">The file that sets it last.</param>
public sealed record ServiceVariable(string Name, string Value, string From);

/// <summary>What lies on a machine.</summary>
public sealed record MachineFindings
{
    public required IReadOnlyList<OllamaInstallation> Ollamas { get; init; }

    public required IReadOnlyList<RocmInstallation> Rocms { get; init; }

    public required IReadOnlyList<MachineGpu> Gpus { get; init; }

    /// <summary>What is in force for the service, by name.</summary>
    public required IReadOnlyList<ServiceVariable> Variables { get; init; }

    /// <summary>Files of the service that were read, in the order in which they count.</summary>
    public required IReadOnlyList<string> ServiceFiles { get; init; }
}
