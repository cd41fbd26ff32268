using Gfxbake.Pipeline.Steps;
using Gfxbake.Pipeline.Trace;

namespace Gfxbake.Pipeline.Outputs.Compiler;

/// <summary>compiler.json: the image that has back what stand-ins answer for.</summary>
public sealed record CompilerRecord : StepRecord
{
    public required string Image { get; init; }

    public required string ImageId { get; init; }

    /// <summary>Id of the image below it, with the stand-ins.</summary>
    public required string On { get; init; }

    /// <summary>SHA-256 of the layer's tar.</summary>
    public required string Sha256 { get; init; }

    public required long TarBytes { get; init; }

    /// <summary>Bytes of the files that it adds or replaces.</summary>
    public required long FileBytes { get; init; }

    /// <summary>Every path of the layer that is no directory.</summary>
    public required IReadOnlyList<ReturnedFile> Files { get; init; }

    /// <summary>Packages of the distribution that come with it.</summary>
    public required IReadOnlyList<ReturnedPackage> Packages { get; init; }

    public required IReadOnlyList<WorkloadVerdict> Workloads { get; init; }
}

/// <param name="Path">Where it is.</param>
/// <param name="Size">Bytes; of a link none.</param>
/// <param name="Sha256">Of its content; null for a link.</param>
/// <param name="Replaces">The rule of the stand-in in whose place it is; null where there was nothing.</param>
public sealed record ReturnedFile(string Path, long Size, string? Sha256, string? Replaces);

/// <param name="Name">Name of a package.</param>
/// <param name="Version">Its version.</param>
public sealed record ReturnedPackage(string Name, string Version);
