using Gfxbake.Pipeline.Steps;

namespace Gfxbake.Pipeline.Base;

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
