using Gfxbake.Core.Pruning;
using Gfxbake.Core.Sizes;

namespace Gfxbake.Core.Recipes;

/// <summary>A recipe: everything that one runtime for one GPU consists of, as data (recipes/&lt;name&gt;/recipe.yml).</summary>
public sealed record Recipe
{
    /// <summary>The folder's name; becomes the image's name.</summary>
    public required string Name { get; init; }

    public required string Summary { get; init; }

    /// <summary>Where the packaged program comes from: the OCI label org.opencontainers.image.source.</summary>
    public required string Source { get; init; }

    /// <summary>SPDX expression of the packaged program.</summary>
    public required string License { get; init; }

    /// <summary>The GPU that the image is for, a key of recipes/_shared/gpus.yml.</summary>
    public required string Gpu { get; init; }

    public required string DefaultVariant { get; init; }

    public required IReadOnlyDictionary<string, Variant> Variants { get; init; }

    public required ImageMetadata Image { get; init; }

    /// <summary>Which paths go into which layer of the minimal image, lowest layer first; what no pattern names goes into the first.</summary>
    public required IReadOnlyList<LayerRule> Layers { get; init; }

    /// <summary>What stays although no workload touches it.</summary>
    public IReadOnlyList<KeepRule> Keep { get; init; } = [];

    /// <summary>Libraries that nobody loads although their name stands in a program's data.</summary>
    public IReadOnlyList<DropRule> Drop { get; init; } = [];

    /// <summary>Models that gfxbake writes itself and mounts at /models.</summary>
    public IReadOnlyList<TestModel> Models { get; init; } = [];

    public required IReadOnlyList<Workload> Workloads { get; init; }
}

/// <summary>One way to get the bits of a recipe.</summary>
public sealed record Variant
{
    public required string Summary { get; init; }

    public required BaseSource Base { get; init; }

    /// <summary>The GPU whose code is used: differs from the recipe's where an override makes one GPU run another's code.</summary>
    public required string CodeTarget { get; init; }

    /// <summary>The Dockerfile of the full image, relative to the repository.</summary>
    public required string Dockerfile { get; init; }

    /// <summary>Its build arguments.</summary>
    public IReadOnlyDictionary<string, string> Args { get; init; } = new Dictionary<string, string>();

    /// <summary>Environment of this variant's images, added to the recipe's.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>What becomes of the code for other GPUs inside libraries, and how the rest is stored.</summary>
    public OffloadRule Offload { get; init; } = new();

    /// <summary>The package whose version names the image's version (org.opencontainers.image.version).</summary>
    public required string VersionOf { get; init; }

    /// <summary>Further packages whose versions a size report names.</summary>
    public IReadOnlyList<string> ReportVersions { get; init; } = [];

    /// <summary>Sizes that fail a comparison when they are exceeded.</summary>
    public SizeBudget? Budget { get; init; }
}

/// <summary>Upper bounds of a variant's sizes.</summary>
public sealed record SizeBudget
{
    /// <summary>Sum of the full image's file sizes.</summary>
    public ByteCount? Full { get; init; }

    /// <summary>Sum of the minimal image's file sizes.</summary>
    public ByteCount? Minimal { get; init; }

    /// <summary>The minimal image's .tar.zst.</summary>
    public ByteCount? Zst { get; init; }
}

/// <summary>Where the base image comes from: the registry when it answers, else a bootstrap.</summary>
public sealed record BaseSource
{
    /// <summary>Image reference with a digest; left out, the base is always bootstrapped.</summary>
    public string? Image { get; init; }

    public required Bootstrap Bootstrap { get; init; }
}

/// <summary>How mmdebstrap makes the base.</summary>
public sealed record Bootstrap
{
    public required string Suite { get; init; }

    /// <summary>Left out, mmdebstrap's own default.</summary>
    public string? Mirror { get; init; }

    /// <summary>Seconds since 1970: the time stamp of everything in the base.</summary>
    public required long SourceDateEpoch { get; init; }

    public IReadOnlyList<string> Packages { get; init; } = [];
}

public sealed record LayerRule
{
    public required string Name { get; init; }

    public IReadOnlyList<string> Paths { get; init; } = [];
}

/// <summary>A model with random weights, written by gfxbake.</summary>
public sealed record TestModel
{
    public required string Name { get; init; }

    /// <summary>f16 or q8_0.</summary>
    public required string Weights { get; init; }

    public int Seed { get; init; } = 1;
}
