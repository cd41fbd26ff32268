namespace Gfxbake.Formats.Rooted;

public enum RootEntryKind
{
    File,
    Folder,
    Link,
    Other,
}

/// <summary>What lies at a path.</summary>
/// <param name="Kind">A link is a link, whatever it leads to.</param>
/// <param name="Mode">Its rights, without its kind.</param>
/// <param name="Owner">Number of the user.</param>
/// <param name="Group">Number of the group.</param>
/// <param name="Bytes">Its length.</param>
/// <param name="Time">Of its last change.</param>
/// <param name="Identity">Device and number of the inode.</param>
public sealed record RootEntry(
    RootEntryKind Kind,
    int Mode,
    uint Owner,
    uint Group,
    long Bytes,
    RootTime Time,
    (ulong Device, ulong Inode) Identity
)
{
    /// <summary>Where a link leads to, as it is written there.</summary>
    public string? Target { get; init; }
}

/// <summary>A time to the nanosecond.</summary>
public sealed record RootTime(long Seconds, uint Nanoseconds);
