namespace Gfxbake.Pipeline.Staging;

/// <summary>What lies in a stage, beside it as stage.json. All paths are relative to the stage.</summary>
public sealed record StageRecord
{
    /// <summary>ROCm's version, for instance 7.1.1.</summary>
    public required string RocmVersion { get; init; }

    /// <summary>The folder that has libamdhip64.so.*.</summary>
    public required string Libraries { get; init; }

    /// <summary>That folder, and others with libraries that files of the stage need: the loader is told, whatever the files say.</summary>
    public required IReadOnlyList<string> LibraryFolders { get; init; }

    /// <summary>The folder of rocBLAS's tables; null where there are none.</summary>
    public string? Tensile { get; init; }

    /// <summary>clang++ that compiles HIP; null where there is none.</summary>
    public string? Compiler { get; init; }

    /// <summary>The folder of the device libraries that clang links; null where there are none.</summary>
    public string? DeviceLibraries { get; init; }

    /// <summary>Where CMake looks for packages.</summary>
    public required string Prefix { get; init; }

    public required IReadOnlyList<StagedPackage> Packages { get; init; }

    /// <summary>Libraries that files of the stage need and the stage does not have: the machine's own serve.</summary>
    public required IReadOnlyList<string> NeededOfHost { get; init; }

    public required StageCount Count { get; init; }

    /// <summary>Of the lock file's packages and of how they are unpacked: another one, another stage.</summary>
    public required string Inputs { get; init; }

    /// <summary>Of the names, sizes and times of all files: another one, and somebody changed the stage.</summary>
    public required string Tree { get; init; }
}

/// <param name="Name">The package's own name.</param>
/// <param name="Version">[EPOCH:]VERSION-RELEASE.</param>
/// <param name="Sha256">Of the package's file.</param>
/// <param name="Bytes">Of the package's file.</param>
/// <param name="Licence">The field License, or null.</param>
public sealed record StagedPackage(string Name, string Version, string Sha256, long Bytes, string? Licence);

/// <param name="Files">Files, each name once.</param>
/// <param name="Links">Symbolic links.</param>
/// <param name="Bytes">Sum of the files' sizes.</param>
public sealed record StageCount(int Files, int Links, long Bytes);

/// <summary>A stage can't be made or used.</summary>
public sealed class StageException(string message) : Exception(message);
