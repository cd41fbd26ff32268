using Gfxbake.Recipes.Shared;

namespace Gfxbake.Pipeline.ServerLog;

/// <summary>What a log of Ollama says of its last start. Texts of the log are as they were: show them through PlainText.</summary>
public sealed record LogReport
{
    public required LogVerdict Verdict { get; init; }

    /// <summary>Whether a GPU computes, as far as the log goes.</summary>
    public bool UsesGpu => Verdict is LogVerdict.Computes or LogVerdict.Taken;

    public string? Version { get; init; }

    /// <summary>How often a server began in the log, and the line in which the last one did.</summary>
    public required int Starts { get; init; }

    public required long FirstLine { get; init; }

    /// <summary>Lines of the whole log, and how many of them were longer than what is read.</summary>
    public required long Lines { get; init; }

    public required long CutLines { get; init; }

    /// <summary>Variables of the server that choose devices and are set.</summary>
    public required IReadOnlyDictionary<string, string> Variables { get; init; }

    public required IReadOnlyList<LogDevice> Devices { get; init; }

    /// <summary>The model that was loaded last.</summary>
    public LogLoad? Load { get; init; }

    public required IReadOnlyList<LogFinding> Findings { get; init; }

    /// <summary>Failures that no entry of ollama-log.yml knows.</summary>
    public required IReadOnlyList<LogFailure> Unknown { get; init; }

    /// <summary>How many more of these there were.</summary>
    public required long MoreUnknown { get; init; }
}

public enum LogVerdict
{
    /// <summary>A model lies on a GPU, and nothing failed after that.</summary>
    Computes,

    /// <summary>Ollama took a GPU, no model was loaded yet, and nothing failed.</summary>
    Taken,

    /// <summary>The last model lies in main memory.</summary>
    ModelOnCpu,

    /// <summary>Something failed.</summary>
    Failed,

    /// <summary>Ollama says that it has no GPU.</summary>
    Cpu,

    /// <summary>The log does not say which device computes.</summary>
    Unknown,
}

/// <summary>A device that Ollama takes, in its own words.</summary>
public sealed record LogDevice
{
    public required string Library { get; init; }

    public required bool IsGpu { get; init; }

    public string? Compute { get; init; }

    public string? Name { get; init; }

    /// <summary>iGPU or discrete.</summary>
    public string? Type { get; init; }

    public string? Total { get; init; }

    public string? Available { get; init; }

    /// <summary>Folders of libraries.</summary>
    public string? Folders { get; init; }
}

/// <summary>Where a model lies.</summary>
public sealed record LogLoad
{
    public required long Line { get; init; }

    /// <summary>Layers on the GPU; null where the log does not say it.</summary>
    public int? GpuLayers { get; init; }

    public int? Layers { get; init; }

    /// <summary>Places of weights that are a GPU's, with the size.</summary>
    public required IReadOnlyDictionary<string, string> Weights { get; init; }

    /// <summary>The line that shows it.</summary>
    public string? Proof { get; init; }

    public bool IsOnGpu => Weights.Count > 0 || GpuLayers > 0;
}

/// <summary>Lines that an entry of ollama-log.yml knows.</summary>
public sealed record LogFinding
{
    public required FindingLevel Level { get; init; }

    public required int Count { get; init; }

    public required long FirstLine { get; init; }

    public required long LastLine { get; init; }

    /// <summary>The first of them.</summary>
    public required string Text { get; init; }

    public required string Meaning { get; init; }

    public string? Remedy { get; init; }

    public required string Source { get; init; }

    public required string Read { get; init; }
}

/// <summary>A failure that no entry knows.</summary>
public sealed record LogFailure
{
    public required int Count { get; init; }

    public required long FirstLine { get; init; }

    public required long LastLine { get; init; }

    public required string Text { get; init; }

    /// <summary>Whether a program ended by it.</summary>
    public required bool IsFatal { get; init; }
}
