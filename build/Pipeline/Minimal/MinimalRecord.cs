using Gfxbake.Pipeline.Full;
using Gfxbake.Pipeline.Proof;
using Gfxbake.Pipeline.Steps;

namespace Gfxbake.Pipeline.Minimal;

/// <summary>minimal.json: the pruned image.</summary>
public sealed record MinimalRecord : StepRecord
{
    public required string Image { get; init; }

    public required string ImageId { get; init; }

    /// <summary>Whether VerifyMinimal passed on exactly this image.</summary>
    public required bool Verified { get; init; }

    /// <summary>SHA-256 over the layers' digests, in order: the same files give the same digest.</summary>
    public required string RootFileSystem { get; init; }

    public required IReadOnlyList<LayerRecord> Layers { get; init; }

    /// <summary>The libraries out of which code for other GPUs was taken.</summary>
    public required IReadOnlyList<SlimmedFile> Slimmed { get; init; }

    public required ImageSize Size { get; init; }
}

public sealed record LayerRecord(string Name, string Sha256, long TarBytes, int Entries, long FileBytes);
