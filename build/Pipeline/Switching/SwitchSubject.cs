namespace Gfxbake.Pipeline.Switching;

/// <summary>How an Ollama can be given another ROCm without touching what it brings.</summary>
public enum SwitchWay
{
    /// <summary>It takes any folder beside its own that has a ggml library, and OLLAMA_LLM_LIBRARY chooses (0.12.4 and later).</summary>
    Sibling,

    /// <summary>It takes any program lib/ollama/runners/NAME/ollama_*, and OLLAMA_LLM_LIBRARY chooses (up to 0.5.7).</summary>
    Runner,

    /// <summary>Its own ROCm always comes first in the loader's path, so systemd mounts the other one over it (0.5.8 to 0.12.3).</summary>
    Mount,
}

/// <summary>The Ollama that is switched; paths are below the root, without links.</summary>
public sealed record SwitchOllama
{
    /// <summary>Its folder of libraries, as /usr/lib/ollama.</summary>
    public required string Library { get; init; }

    public required SwitchWay Way { get; init; }

    /// <summary>Its own library for AMD's GPUs: libggml-hip.so, or libggml_rocm.so of a runner. Null when it has none.</summary>
    public string? Hip { get; init; }

    /// <summary>The libraries of ROCm that it brings, by name.</summary>
    public IReadOnlyDictionary<string, string> Bundle { get; init; } = new Dictionary<string, string>();

    /// <summary>Its folder with a Vulkan library; null when it has none.</summary>
    public string? Vulkan { get; init; }

    /// <summary>Variables that its program names.</summary>
    public required IReadOnlyCollection<string> Reads { get; init; }

    /// <summary>The folder for its service's own settings; null where no systemd knows it.</summary>
    public string? DropIns { get; init; }

    /// <summary>Whether that folder is there.</summary>
    public bool HasDropIns { get; init; }

    /// <summary>Its program.</summary>
    public required string Program { get; init; }
}

/// <summary>The ROCm that Ollama is given.</summary>
/// <param name="Name">A short name: system, or a folder's.</param>
/// <param name="Folder">Where its libraries lie.</param>
/// <param name="Libraries">Those that libggml-hip needs, directly or not: name and path.</param>
/// <param name="Tables">Folders with kernels beside these libraries: name and path.</param>
public sealed record SwitchRocm(
    string Name,
    string Folder,
    IReadOnlyDictionary<string, string> Libraries,
    IReadOnlyDictionary<string, string> Tables
);
