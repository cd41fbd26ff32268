using Gfxbake.Formats.Tar;

namespace Gfxbake.Pipeline.Plan;

public enum PlanAction
{
    Keep,
    Drop,

    /// <summary>Keep, with the code for other GPUs taken out of the file.</summary>
    SlimOffload,

    /// <summary>Keep the name, with a library in its place whose functions say so and end the program, or answer from a table.</summary>
    StandIn,
}

/// <summary>What becomes of one path of the image, and why.</summary>
public sealed record PlanEntry
{
    public required string Path { get; init; }

    public required EntryKind Kind { get; init; }

    /// <summary>Bytes of content; a hard link carries the size of the file it names.</summary>
    public required long Size { get; init; }

    /// <summary>As in ImageEntry: the text of a symbolic link, or the entry that holds a hard link's content.</summary>
    public string? LinkTarget { get; init; }

    public required PlanAction Action { get; init; }

    /// <summary>
    /// At least one, in the order in which they were found. Roots (Traced, RecipeKeep, MountPoint, then LicenceOf) were found before
    /// all others, so following the first cause from path to path always ends at a root. At most three of each reason are kept.
    /// </summary>
    public required IReadOnlyList<Cause> Causes { get; init; }

    /// <summary>The GPU code inside a kept file, where some of it goes or would have to go; else null.</summary>
    public PlanOffload? Offload { get; init; }

    /// <summary>What stands in for a library; else null.</summary>
    public PlanStandIn? StandIn { get; init; }

    /// <summary>Bytes that are planned for; slimming is not counted, since nobody knows its result yet.</summary>
    public long PlannedSize => StandIn?.Size ?? Size;

    public bool IsKept => Action != PlanAction.Drop;
}
