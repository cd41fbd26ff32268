using Gfxbake.Pipeline.Steps;

namespace Gfxbake.Pipeline.Building;

/// <summary>What BuildOllama made, and of what (ollama.json).</summary>
public sealed record OllamaRecord : StepRecord
{
    public required string Version { get; init; }

    public required string Form { get; init; }

    public required string Rocm { get; init; }

    /// <summary>The GPU whose code was compiled.</summary>
    public required string Gpu { get; init; }

    /// <summary>CMake's presets by the step.</summary>
    public required IReadOnlyDictionary<string, string> Presets { get; init; }

    /// <summary>What compiled it, by name.</summary>
    public required IReadOnlyDictionary<string, string> Tools { get; init; }

    public required IReadOnlyList<OllamaFile> Files { get; init; }
}

/// <param name="Path">Below the folder of the result.</param>
/// <param name="Bytes">Its length.</param>
/// <param name="Digest">The first 32 digits of its SHA-256, as other records have them; null of a link.</param>
/// <param name="Link">What a link says; null of a file.</param>
public sealed record OllamaFile(string Path, long Bytes, string? Digest, string? Link);
