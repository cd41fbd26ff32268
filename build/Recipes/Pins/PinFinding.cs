namespace Gfxbake.Recipes.Pins;

/// <summary>What an upstream says of a pin.</summary>
/// <param name="Pin">What is pinned.</param>
/// <param name="Newest">The newest that is announced; null when the upstream did not tell.</param>
/// <param name="Digest">The commit of the newest tag; null for what is no tag.</param>
/// <param name="Problem">Why there is no answer, or what is wrong with it.</param>
public sealed record PinFinding(WatchedPin Pin, UpstreamName? Newest, string? Digest = null, string? Problem = null)
{
    /// <summary>The tag is the pinned one, and names another commit than it did.</summary>
    public bool HasMoved =>
        Newest is not null && Newest.Name == Pin.Name && Digest is not null && Pin.Digest is not null && Digest != Pin.Digest;

    public bool IsNewer => Newest is not null && Pin.IsOlderThan(Newest);

    /// <summary>One word for a table.</summary>
    public string State =>
        Newest is null ? "unknown"
        : HasMoved ? "MOVED"
        : IsNewer
            ? Pin.Watch.Update ? "newer"
                : "seen"
        : Pin.Version == Newest.Version ? "current"
        : "ahead";
}
