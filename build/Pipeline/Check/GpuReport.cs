namespace Gfxbake.Pipeline.Check;

/// <summary>checkgpu.json: what came of CheckGpu, meant for an issue. It holds nothing that names a person or the machine.</summary>
public sealed record GpuReport
{
    public required string Recipe { get; init; }

    public required string Variant { get; init; }

    /// <summary>The recipe's GPU.</summary>
    public required string Gpu { get; init; }

    /// <summary>What it ran on.</summary>
    public required string On { get; init; }

    /// <summary>Whether that was a GPU, and nothing that stands in for one.</summary>
    public required bool IsHardware { get; init; }

    /// <summary>Whether its numbers mean anything.</summary>
    public required bool Computes { get; init; }

    /// <summary>The programs: "image" or "package".</summary>
    public required string Programs { get; init; }

    /// <summary>The worst of the checks.</summary>
    public required GpuVerdict Verdict { get; init; }

    /// <summary>Null of a package.</summary>
    public CheckedImage? Image { get; init; }

    /// <summary>Versions of packages in the image, where it was made here.</summary>
    public IReadOnlyDictionary<string, string> Packages { get; init; } = new Dictionary<string, string>();

    public required CheckedMachine Machine { get; init; }

    public required IReadOnlyList<GpuFinding> Checks { get; init; }
}

/// <summary>An image that was checked.</summary>
/// <param name="Id">Of its configuration.</param>
/// <param name="Digests">Of its manifest, where it was pulled or pushed.</param>
/// <param name="Labels">What it says of itself.</param>
public sealed record CheckedImage(string Id, IReadOnlyList<string> Digests, IReadOnlyDictionary<string, string> Labels);

/// <summary>The machine, as far as it matters.</summary>
/// <param name="Kernel">Its release.</param>
/// <param name="Gpus">The gfx of each GPU that the kernel offers for computing.</param>
/// <param name="Firmware">Versions by name, as the driver gives them.</param>
public sealed record CheckedMachine(string? Kernel, IReadOnlyList<string> Gpus, IReadOnlyDictionary<string, string> Firmware);
