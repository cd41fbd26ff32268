namespace Gfxbake.Pipeline.Switching;

/// <summary>What a switch will make, and what it needs to come true.</summary>
public sealed record SwitchPlan
{
    /// <summary>What --to named.</summary>
    public required string To { get; init; }

    /// <summary>What to make, folders before what is in them.</summary>
    public required IReadOnlyList<SwitchChange> Changes { get; init; }

    /// <summary>Variables that the service gets, for those who start Ollama by hand.</summary>
    public required IReadOnlyDictionary<string, string> Environment { get; init; }

    /// <summary>Files that the switch is made for; when an update replaces one, it may not fit any more.</summary>
    public IReadOnlyList<string> Seen { get; init; } = [];

    /// <summary>Library that a running model must have loaded from here, links resolved; the proof of the health check.</summary>
    public required string Proof { get; init; }

    /// <summary>What people should know before.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];
}
