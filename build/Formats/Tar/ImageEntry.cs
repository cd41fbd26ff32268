namespace Gfxbake.Formats.Tar;

public enum EntryKind
{
    File,
    Directory,
    SymbolicLink,
    HardLink,
    CharacterDevice,
    BlockDevice,
    Fifo,
}

/// <summary>One entry of an image's file system, as the export tar describes it.</summary>
public sealed record ImageEntry
{
    /// <summary>Absolute and normal: starts with '/', no '.', '..' or empty component, no trailing slash but for the root "/".</summary>
    public required string Path { get; init; }

    public required EntryKind Kind { get; init; }

    /// <summary>Bytes of content; 0 for all but files and hard links (which carry the size of the file they name).</summary>
    public long Size { get; init; }

    /// <summary>Permission bits with setuid, setgid and sticky: at most octal 7777.</summary>
    public int Mode { get; init; }

    public int Uid { get; init; }

    public int Gid { get; init; }

    /// <summary>Seconds since 1970 (UTC), fractions rounded down.</summary>
    public long MTime { get; init; }

    /// <summary>
    /// Symbolic links: the text of the link, as it is, never empty. Hard links: the path of the entry of kind File that holds the content.
    /// </summary>
    public string? LinkTarget { get; init; }

    /// <summary>Extended attributes by name, for instance "security.capability".</summary>
    public IReadOnlyDictionary<string, byte[]> Xattrs { get; init; } = NoXattrs;

    public int DeviceMajor { get; init; }

    public int DeviceMinor { get; init; }

    /// <summary>
    /// Where the content starts in the tar, in bytes. Hard links to one file share it; no two files do, empty ones either.
    /// </summary>
    public long DataOffset { get; init; }

    private static readonly Dictionary<string, byte[]> NoXattrs = [];
}
