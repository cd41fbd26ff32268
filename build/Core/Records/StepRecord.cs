using System.Text.Json.Serialization;

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

/// <summary>Sizes of a file system in an image.</summary>
public sealed record ImageSize
{
    public required int Files { get; init; }

    public required int Directories { get; init; }

    public required int Links { get; init; }

    /// <summary>Sum of the sizes of all files in bytes, hard links counted once.</summary>
    public required long FileBytes { get; init; }

    /// <summary>Size of the exported tar in bytes.</summary>
    public required long TarBytes { get; init; }
}

/// <summary>full.json: the unpruned image.</summary>
public sealed record FullRecord : StepRecord
{
    public required string Image { get; init; }

    public required string ImageId { get; init; }

    /// <summary>Version of the packaged program.</summary>
    public required string Version { get; init; }

    public required ImageSize Size { get; init; }

    public required IReadOnlyList<Images.InstalledPackage> Packages { get; init; }
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

    public required ImageSize Size { get; init; }
}

public sealed record LayerRecord(string Name, string Sha256, long TarBytes, int Entries, long FileBytes);
