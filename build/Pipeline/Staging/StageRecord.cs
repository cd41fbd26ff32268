namespace Gfxbake.Pipeline.Staging;

/// <summary>What StageRocm unpacked (stage.json). Paths start in the stage's folder.</summary>
public sealed record StageRecord
{
    /// <summary>The folder that has libamdhip64.so.*.</summary>
    public required string Libraries { get; init; }

    /// <summary>rocBLAS's tables; null where there are none.</summary>
    public required string? Tensile { get; init; }

    /// <summary>clang++ that compiles HIP; null where there is none.</summary>
    public required string? Compiler { get; init; }

    /// <summary>Where CMake looks for packages.</summary>
    public required string Prefix { get; init; }

    public required string RocmVersion { get; init; }

    public required IReadOnlyList<StagedPackage> Packages { get; init; }

    public required string LockSha256 { get; init; }
}

public sealed record StagedPackage(string Name, string Version, string Sha256, long Bytes, string Licence);
