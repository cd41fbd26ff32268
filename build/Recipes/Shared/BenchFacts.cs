namespace Gfxbake.Recipes.Shared;

/// <summary>How models are measured, once for all recipes (recipes/_shared/bench.yml).</summary>
public sealed record BenchFacts
{
    /// <summary>The mode of recipes that starts what measures.</summary>
    public required string Mode { get; init; }

    /// <summary>How much is measured, by name.</summary>
    public required IReadOnlyDictionary<string, BenchProfile> Profiles { get; init; }

    /// <summary>Arguments beside the model and its options; words in braces are filled in.</summary>
    public required IReadOnlyList<string> Arguments { get; init; }

    /// <summary>Keys of a row that are kept as settings.</summary>
    public required IReadOnlyList<string> Settings { get; init; }

    /// <summary>Keys of a row that name the build.</summary>
    public required IReadOnlyList<string> Versions { get; init; }

    /// <summary>Facts of doctor.yml that are told of the machine.</summary>
    public required IReadOnlyList<string> Host { get; init; }

    /// <summary>A regular expression for the line that says that a GPU was used.</summary>
    public required string Proof { get; init; }

    public required ServerProfile Server { get; init; }
}

/// <summary>How a server is measured.</summary>
public sealed record ServerProfile
{
    /// <summary>The mode of recipes that starts one.</summary>
    public required string Mode { get; init; }

    /// <summary>Arguments beside the model and its options.</summary>
    public required IReadOnlyList<string> Arguments { get; init; }

    /// <summary>Requests of each point.</summary>
    public required int Samples { get; init; }

    /// <summary>Tokens that a request asks for.</summary>
    public required int Tokens { get; init; }

    /// <summary>Clients at a time, beside one.</summary>
    public required int Clients { get; init; }

    /// <summary>Seconds until the server must answer.</summary>
    public required int Start { get; init; }

    /// <summary>Seconds that a request may take.</summary>
    public required int Request { get; init; }
}

/// <summary>How much is measured.</summary>
public sealed record BenchProfile
{
    /// <summary>Tokens that are there before each measurement.</summary>
    public required IReadOnlyList<long> Depths { get; init; }

    public required int Samples { get; init; }

    /// <summary>Tokens that are read at a time.</summary>
    public required int Prompt { get; init; }

    /// <summary>Tokens that are written.</summary>
    public required int Generate { get; init; }
}
