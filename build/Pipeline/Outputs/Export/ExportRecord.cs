using Gfxbake.Pipeline.Steps;

namespace Gfxbake.Pipeline.Outputs.Export;

/// <summary>An image that was written to a file.</summary>
public sealed record ExportRecord : StepRecord
{
    /// <summary>Its name below artifacts/images.</summary>
    public required string File { get; init; }

    public required long Bytes { get; init; }

    /// <summary>Length of the archive before it was compressed.</summary>
    public required long TarBytes { get; init; }

    public required string Sha256 { get; init; }
}
