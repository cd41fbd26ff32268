namespace Gfxbake.Recipes.Shared;

/// <summary>How package managers are asked for ROCm (recipes/_shared/package-managers.yml).</summary>
public sealed record PackageManagerFacts
{
    /// <summary>Names of ROCm's packages; '*' stands for anything.</summary>
    public required IReadOnlyList<string> Rocm { get; init; }

    /// <summary>Expressions for versions that belong to a ROCm; {version} is its number, {packed} AMD's way to write it.</summary>
    public required IReadOnlyList<string> VersionForms { get; init; }

    public required IReadOnlyList<PackageManagerRule> Managers { get; init; }
}

/// <summary>One package manager. Commands are lists of words; {root} in a word is the folder of a machine, nothing for this one.</summary>
public sealed record PackageManagerRule
{
    public required string Name { get; init; }

    /// <summary>Paths below a root; one that is there says that this manager rules it.</summary>
    public required IReadOnlyList<string> Database { get; init; }

    /// <summary>Groups: name and version.</summary>
    public required ToolQuery Installed { get; init; }

    /// <summary>All that archives have. {packages}: names. Groups: name and version.</summary>
    public required IReadOnlyList<ToolQuery> Versions { get; init; }

    /// <summary>Packages that lie on the disk.</summary>
    public CachedPackages? Cached { get; init; }

    /// <summary>{package}: one name. Group: names with spaces between.</summary>
    public required ToolQuery Dependents { get; init; }

    /// <summary>How a version is asked for: {name}, {version}, {file}.</summary>
    public required string Target { get; init; }

    public required ToolTrial Trial { get; init; }

    /// <summary>What people type: {targets}, {names}, {present} (the versions that are installed).</summary>
    public required IReadOnlyList<IReadOnlyList<string>> Commands { get; init; }

    public required IReadOnlyList<IReadOnlyList<string>> Undo { get; init; }

    /// <summary>Another way to keep versions than a command.</summary>
    public string? Hold { get; init; }

    /// <summary>Gets newer lists of archives.</summary>
    public IReadOnlyList<string> Refresh { get; init; } = [];

    /// <summary>Where older versions may be: {name}, {initial}.</summary>
    public required IReadOnlyList<string> Elsewhere { get; init; }
}

/// <summary>A command that only reads, and what its lines say.</summary>
public sealed record ToolQuery
{
    public required IReadOnlyList<string> Run { get; init; }

    public required string Match { get; init; }
}

/// <summary>Files of packages; groups of their names: name and version.</summary>
public sealed record CachedPackages
{
    /// <summary>Below the root.</summary>
    public required string Folder { get; init; }

    public required string Match { get; init; }
}

/// <summary>A command that says what it would do, and does it not.</summary>
public sealed record ToolTrial
{
    /// <summary>{targets}: the versions that are asked for.</summary>
    public required IReadOnlyList<string> Run { get; init; }

    /// <summary>The heading of the indented lines that Removed is looked for in; null: all lines.</summary>
    public string? Section { get; init; }

    /// <summary>Group: a package that would go, or break.</summary>
    public required string Removed { get; init; }

    /// <summary>Group: why it can't be done at all.</summary>
    public required string Failed { get; init; }
}
