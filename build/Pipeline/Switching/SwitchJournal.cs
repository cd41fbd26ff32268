using Gfxbake.Formats.Rooted;

namespace Gfxbake.Pipeline.Switching;

/// <summary>
/// What a switch is about to change, on the disk before its first change. So whatever ends the switch, even the power, everything that it
/// may have made is known.
/// </summary>
public sealed record SwitchJournal
{
    public const int Current = 1;

    public required int Format { get; init; }

    /// <summary>What --to named.</summary>
    public required string To { get; init; }

    public required SwitchStage Stage { get; init; }

    public required IReadOnlyList<SwitchChange> Changes { get; init; }

    /// <summary>Folders that were there before and get new entries, with the times that they had.</summary>
    public required IReadOnlyList<FolderTime> Folders { get; init; }

    /// <summary>Files of Ollama and of ROCm that the switch was made for; an update replaces them.</summary>
    public required IReadOnlyList<SeenFile> Seen { get; init; }
}

public enum SwitchStage
{
    /// <summary>Nothing, something or all of it is made.</summary>
    Applying,

    /// <summary>It is made, and the health check has passed or was left to people.</summary>
    Kept,
}

/// <summary>A folder and the time of its last change.</summary>
public sealed record FolderTime(string Path, RootTime Time);

/// <summary>A file as it was.</summary>
public sealed record SeenFile(string Path, string Sha256);
