namespace Gfxbake.Pipeline.Building;

/// <summary>What is done to compile an Ollama.</summary>
public sealed record OllamaPlan
{
    /// <summary>How its source lies, as ollama-build.yml names it.</summary>
    public required string Form { get; init; }

    /// <summary>The folder that CMake configures, from the top of the source.</summary>
    public required string Source { get; init; }

    public required IReadOnlyList<PlannedConfiguration> Steps { get; init; }

    /// <summary>Words for go; empty where there is nothing of Go.</summary>
    public required IReadOnlyList<string> Go { get; init; }
}

/// <summary>One configuration and what becomes of it.</summary>
public sealed record PlannedConfiguration
{
    public required string Name { get; init; }

    public required string Preset { get; init; }

    /// <summary>Words for CMake after --preset, -D and all.</summary>
    public required IReadOnlyList<string> Options { get; init; }

    /// <summary>Variables of CMake and of what it starts.</summary>
    public required IReadOnlyDictionary<string, string> Environment { get; init; }

    public required IReadOnlyList<string> Targets { get; init; }

    /// <summary>Patterns of files in the build's folder, and the folders of the result that they go to.</summary>
    public required IReadOnlyList<CollectedFiles> Collect { get; init; }
}

/// <param name="From">A pattern below the build's folder.</param>
/// <param name="To">A folder below the result.</param>
public sealed record CollectedFiles(string From, string To);

/// <summary>An Ollama can't be compiled; the message says what to do.</summary>
public sealed class OllamaBuildException(string message) : Exception(message);
