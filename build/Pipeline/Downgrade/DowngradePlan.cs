namespace Gfxbake.Pipeline.Downgrade;

/// <summary>What a package manager would have to do to go back to an older ROCm.</summary>
public sealed record DowngradePlan
{
    public required string Manager { get; init; }

    /// <summary>The ROCm that was asked for; null: the newest older version of each package.</summary>
    public string? Wanted { get; init; }

    public required IReadOnlyList<DowngradePackage> Packages { get; init; }

    /// <summary>Packages that would go or break, as the manager's own trial says.</summary>
    public required IReadOnlyList<string> Breaks { get; init; }

    /// <summary>Why the manager would not do it at all.</summary>
    public required IReadOnlyList<string> Refused { get; init; }

    /// <summary>Commands for people, each a list of words.</summary>
    public required IReadOnlyList<IReadOnlyList<string>> Commands { get; init; }

    public required IReadOnlyList<IReadOnlyList<string>> Undo { get; init; }

    /// <summary>Packages whose present version no archive has: what was done to them can't be undone.</summary>
    public required IReadOnlyList<string> Lost { get; init; }

    public string? Hold { get; init; }

    public required IReadOnlyList<string> Refresh { get; init; }

    /// <summary>Where older versions may be of the packages that have none here.</summary>
    public required IReadOnlyList<string> Elsewhere { get; init; }

    /// <summary>What the manager's commands said that was no answer.</summary>
    public required IReadOnlyList<string> Notes { get; init; }

    /// <summary>Whether there is something to do, and the manager would do it.</summary>
    public bool CanBeDone => Commands.Count > 0 && Refused.Count == 0;
}

/// <summary>An installed package of ROCm.</summary>
public sealed record DowngradePackage
{
    public required string Name { get; init; }

    public required string Version { get; init; }

    /// <summary>Older versions that are to be had, the newest first.</summary>
    public required IReadOnlyList<string> Older { get; init; }

    /// <summary>The version to go back to; null: it stays.</summary>
    public string? To { get; init; }

    /// <summary>Installed packages that depend on it directly and are none of ROCm's.</summary>
    public required IReadOnlyList<string> Dependents { get; init; }
}
