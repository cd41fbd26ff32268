namespace Gfxbake.Recipes.Model;

/// <summary>Packages of a distribution that StageRocm unpacks into a folder, so that the machine need not install them.</summary>
public sealed record StageRule
{
    /// <summary>A file below recipes/ with a line "SHA-256 address" for each package; <c>--update</c> writes it.</summary>
    public required string Lock { get; init; }

    /// <summary>Names of the packages, without versions.</summary>
    public required IReadOnlyList<string> Packages { get; init; }

    /// <summary>The package whose version is ROCm's.</summary>
    public required string VersionOf { get; init; }

    /// <summary>The distribution's release, for dnf's $releasever.</summary>
    public required string Release { get; init; }

    /// <summary>Where dnf looks, https:// or file://, with $releasever and $basearch.</summary>
    public required IReadOnlyList<string> Repositories { get; init; }

    /// <summary>Patterns over paths that are left packed.</summary>
    public IReadOnlyList<string> LeaveOut { get; init; } = [];

    /// <summary>Patterns over the stage's paths, the first one that fits counts.</summary>
    public required StagePatterns Places { get; init; }
}

/// <summary>What shows where things lie in a stage.</summary>
public sealed record StagePatterns
{
    /// <summary>A library of ROCm; its folder is that of all.</summary>
    public required IReadOnlyList<string> Library { get; init; }

    /// <summary>A table of rocBLAS.</summary>
    public required IReadOnlyList<string> Table { get; init; }

    /// <summary>clang++ that compiles HIP.</summary>
    public required IReadOnlyList<string> Compiler { get; init; }

    /// <summary>One of the device libraries that clang links.</summary>
    public required IReadOnlyList<string> DeviceLibrary { get; init; }

    /// <summary>Where CMake looks for packages.</summary>
    public required string Prefix { get; init; }
}
