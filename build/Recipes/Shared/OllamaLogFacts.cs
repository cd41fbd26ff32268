namespace Gfxbake.Recipes.Shared;

/// <summary>What Ollama's logs say and what it means (recipes/_shared/ollama-log.yml).</summary>
public sealed record OllamaLogFacts
{
    /// <summary>Where meanings come from, by a short name.</summary>
    public required IReadOnlyDictionary<string, DoctorSource> Sources { get; init; }

    public required LogForms Forms { get; init; }

    /// <summary>Lines that are known, in the order of the report.</summary>
    public required IReadOnlyList<KnownLine> Lines { get; init; }

    /// <summary>What a line has that tells of a failure nobody knows yet.</summary>
    public required FailureSigns Failures { get; init; }
}

/// <summary>Lines that say what computes; expressions are searched in a record's message and pairs, or in a line that is none.</summary>
public sealed record LogForms
{
    /// <summary>A server begins; what stands before it is another run's.</summary>
    public required string Start { get; init; }

    /// <summary>Its version, the first group. A second one in a run begins a run, for versions that say no more.</summary>
    public required string Version { get; init; }

    /// <summary>The pair with the server's environment, in the line that begins it.</summary>
    public required string Environment { get; init; }

    /// <summary>Variables to tell when they are set.</summary>
    public required IReadOnlyList<string> Variables { get; init; }

    /// <summary>A device that Ollama takes; its pairs say more.</summary>
    public required string Device { get; init; }

    /// <summary>Libraries that are no GPU's.</summary>
    public required IReadOnlyList<string> Processors { get; init; }

    /// <summary>A model is going to be loaded.</summary>
    public required string Loading { get; init; }

    /// <summary>Layers on the GPU, the first group, of all, the second.</summary>
    public required string Layers { get; init; }

    /// <summary>Where weights lie, the first group, and how many, the second.</summary>
    public required IReadOnlyList<string> Weights { get; init; }

    /// <summary>Names of places for weights that are no GPU's.</summary>
    public required string HostMemory { get; init; }
}

/// <summary>A line that is known.</summary>
public sealed record KnownLine
{
    /// <summary>Any of these; "…" stands for anything in between.</summary>
    public required IReadOnlyList<string> Text { get; init; }

    public required FindingLevel Level { get; init; }

    public required string Meaning { get; init; }

    /// <summary>A warning or error has one.</summary>
    public string? Remedy { get; init; }

    /// <summary>A key of the file's sources.</summary>
    public required string Source { get; init; }

    /// <summary>The versions that say it, as far as they were read; null: not Ollama says it, but a library.</summary>
    public string? Versions { get; init; }
}

/// <summary>How a failure shows that no entry knows.</summary>
public sealed record FailureSigns
{
    /// <summary>Levels of a record.</summary>
    public required IReadOnlyList<string> Levels { get; init; }

    /// <summary>Texts after which nothing goes on.</summary>
    public required IReadOnlyList<string> Fatal { get; init; }

    /// <summary>Texts of other errors.</summary>
    public required IReadOnlyList<string> Texts { get; init; }
}
