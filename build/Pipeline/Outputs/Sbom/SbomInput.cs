using Gfxbake.Formats.Images;
using Gfxbake.Pipeline.Plan;
using Gfxbake.Pipeline.Proof;

namespace Gfxbake.Pipeline.Outputs.Sbom;

/// <summary>Everything that a software bill of materials is made of.</summary>
public sealed record SbomInput
{
    public required SbomSubject Subject { get; init; }

    /// <summary>The full image, which has the package database.</summary>
    public required ImageFileSystem Full { get; init; }

    public required PrunePlan Plan { get; init; }

    /// <summary>The layers of the minimal image, whose files are hashed.</summary>
    public required IReadOnlyList<ImageFileSystem> Layers { get; init; }

    /// <summary>The files that were rewritten, each of which must have the content that was recorded.</summary>
    public IReadOnlyList<SlimmedFile> Slimmed { get; init; } = [];
}
