namespace Gfxbake.Recipes.Model;

/// <summary>How the image's programs are started with a model of their user (key run; docs/run.md). Options have no dashes here.</summary>
public sealed record RunRule
{
    /// <summary>Where the folder with the models is mounted, read-only.</summary>
    public const string Folder = "/models";

    /// <summary>The options that gfxbake itself must know.</summary>
    public required RunOptions Options { get; init; }

    /// <summary>Options for every model, unless its preset says otherwise.</summary>
    public IReadOnlyDictionary<string, string> Defaults { get; init; } = new Dictionary<string, string>();

    /// <summary>What can be run, by name; the first word of --mode=.</summary>
    public required IReadOnlyDictionary<string, RunMode> Modes { get; init; }

    /// <summary>Ways to write the same on a command line, the newest first: programs rename their options.</summary>
    public IReadOnlyList<IReadOnlyList<string>> Same { get; init; } = [];
}

/// <summary>Names of options.</summary>
public sealed record RunOptions
{
    /// <summary>The model's file.</summary>
    public required string Model { get; init; }

    /// <summary>The file with which a model sees pictures.</summary>
    public required string Projector { get; init; }

    /// <summary>Tokens of context.</summary>
    public required string Context { get; init; }

    /// <summary>Conversations at a time.</summary>
    public required string Parallel { get; init; }

    /// <summary>The address where the server listens; left out, it has no such option.</summary>
    public string? Address { get; init; }

    /// <summary>The port where it listens; left out, it has no such option.</summary>
    public string? Port { get; init; }

    /// <summary>How keys are stored.</summary>
    public required string CacheType { get; init; }
}

/// <summary>One program, and what it is started with.</summary>
public sealed record RunMode
{
    /// <summary>A program of the image.</summary>
    public required string Program { get; init; }

    /// <summary>The port of the image that is published; left out, it needs no network.</summary>
    public int? Port { get; init; }

    /// <summary>Whether a person types into it.</summary>
    public bool Terminal { get; init; }

    /// <summary>The option by which it tells clients the preset's name; left out, it has none.</summary>
    public string? Name { get; init; }

    /// <summary>The only options of a preset that it takes, each with its own name for it; left out, it takes all.</summary>
    public IReadOnlyDictionary<string, string>? Only { get; init; }
}
