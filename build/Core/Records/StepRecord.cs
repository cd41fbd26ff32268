using System.Text.Json.Serialization;
using Gfxbake.Core.Images;

namespace Gfxbake.Core.Records;

/// <summary>What a step wrote down of itself; the next run compares the inputs and leaves the step out when they are the same.</summary>
public abstract record StepRecord
{
    /// <summary>Digest or text of everything that the result depends on, by a name that a person understands.</summary>
    [JsonPropertyOrder(-1)]
    public required SortedDictionary<string, string> Inputs { get; init; }
}

/// <summary>base.json: the image that everything is built on.</summary>
public sealed record BaseRecord : StepRecord
{
    public required string Image { get; init; }

    public required string ImageId { get; init; }

    /// <summary>"pulled NAME@DIGEST" or "bootstrapped SUITE".</summary>
    public required string Origin { get; init; }

    /// <summary>SHA-256 of the bootstrapped tar; null when pulled.</summary>
    public string? TarSha256 { get; init; }
}

/// <summary>Size of an image's file system.</summary>
/// <param name="Content">Counts and the sum of all file sizes.</param>
/// <param name="TarBytes">Size of the file system exported as a tar.</param>
public sealed record ImageSize(ImageStatistics Content, long TarBytes);

/// <summary>full.json: the unpruned image. What its files held stands in full.mtree.</summary>
public sealed record FullRecord : StepRecord
{
    public required string Image { get; init; }

    public required string ImageId { get; init; }

    /// <summary>Version of the packaged program.</summary>
    public required string Version { get; init; }

    /// <summary>When newer packages were last asked for, in UTC; null: never. It keeps an engine from taking older layers out of its cache.</summary>
    public string? ArchiveAsOf { get; init; }

    public required ImageSize Size { get; init; }

    /// <summary>SHA-256 of full.mtree, which has the digest of every file.</summary>
    public required string Files { get; init; }

    public required IReadOnlyList<InstalledPackage> Packages { get; init; }
}

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

/// <summary>A rewritten library.</summary>
/// <param name="Path">Its path in the image.</param>
/// <param name="Before">Bytes in the full image.</param>
/// <param name="After">Bytes now.</param>
/// <param name="Sha256">Of what it is now.</param>
public sealed record SlimmedFile(string Path, long Before, long After, string Sha256);
