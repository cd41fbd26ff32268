using Gfxbake.Recipes.Shared;

namespace Gfxbake.Pipeline.Run;

/// <summary>What Doctor says of a machine and a recipe (doctor.json). It holds nothing that names the machine.</summary>
public sealed record HostReport
{
    public required string Recipe { get; init; }

    public required string Variant { get; init; }

    public required string Gpu { get; init; }

    /// <summary>Whether nothing was found that keeps the recipe from running on the GPU.</summary>
    public required bool Works { get; init; }

    /// <summary>In the order of doctor.yml.</summary>
    public required IReadOnlyList<HostFinding> Findings { get; init; }

    /// <summary>How to change the kernel parameters that the findings name, for each kind of machine that this one may be.</summary>
    public required IReadOnlyList<BootAdvice> Boot { get; init; }
}

/// <summary>One thing that was found.</summary>
public sealed record HostFinding
{
    /// <summary>The check's name in doctor.yml.</summary>
    public required string Check { get; init; }

    public required string Title { get; init; }

    public required FindingLevel Level { get; init; }

    public required string Found { get; init; }

    public string? Why { get; init; }

    /// <summary>Where that was read, and when.</summary>
    public string? Source { get; init; }

    public string? Read { get; init; }

    public string? Remedy { get; init; }

    public required IReadOnlyList<string> Run { get; init; }

    /// <summary>Kernel parameters to add, and those to take out.</summary>
    public required IReadOnlyList<string> Add { get; init; }

    public required IReadOnlyList<string> Remove { get; init; }
}

/// <summary>The commands that change the kernel parameters with one boot loader.</summary>
public sealed record BootAdvice
{
    public required string Name { get; init; }

    public required IReadOnlyList<string> Run { get; init; }
}
