namespace Gfxbake.Recipes.Model;

/// <summary>What an image's configuration says: the same for the full and the minimal image.</summary>
public sealed record ImageMetadata
{
    /// <summary>Name or number of a user of the image; never root.</summary>
    public required string User { get; init; }

    public required string Workdir { get; init; }

    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    public IReadOnlyList<string> Entrypoint { get; init; } = [];

    public IReadOnlyList<string> Command { get; init; } = [];

    public IReadOnlyList<int> Ports { get; init; } = [];

    public Healthcheck? Healthcheck { get; init; }
}

public sealed record Healthcheck
{
    /// <summary>The command as the engine runs it, without a shell; its program stays in the minimal image.</summary>
    public required IReadOnlyList<string> Command { get; init; }

    /// <summary>Seconds between two checks.</summary>
    public int Interval { get; init; } = 30;

    /// <summary>Seconds that one check may take.</summary>
    public int Timeout { get; init; } = 5;

    /// <summary>Seconds after the start in which failures do not count: loading a large model takes minutes.</summary>
    public int StartPeriod { get; init; } = 300;
}
