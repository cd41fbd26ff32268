namespace Gfxbake.Pipeline.Building;

/// <summary>A ROCm that was unpacked into a folder, as a build and a server see it. All paths are absolute.</summary>
public sealed record RocmStage
{
    /// <summary>The folder that has libamdhip64.so.*.</summary>
    public required string Libraries { get; init; }

    /// <summary>That folder and others that the loader has to look in, as LD_LIBRARY_PATH has them.</summary>
    public required string LibraryPath { get; init; }

    /// <summary>rocBLAS's tables; null where there are none.</summary>
    public required string? Tensile { get; init; }

    /// <summary>clang++ that compiles HIP; null where there is none.</summary>
    public required string? Compiler { get; init; }

    /// <summary>The device libraries that clang links, amdgcn/bitcode; null where there are none.</summary>
    public required string? DeviceLibraries { get; init; }

    /// <summary>Where CMake looks for packages.</summary>
    public required string Prefix { get; init; }

    /// <summary>For instance 7.2.4.</summary>
    public required string Version { get; init; }
}
