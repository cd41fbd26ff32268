using Gfxbake.Recipes.Model;

namespace Gfxbake.Recipes.Shared;

/// <summary>Where packages are made, once for all recipes (recipes/_shared/packages.yml).</summary>
public sealed record PackagingFacts
{
    /// <summary>
    /// What the alternate root comes from and what stands in where a distribution's own image can't be pulled: bootstrapped, with that
    /// distribution's tools.
    /// </summary>
    public required Bootstrap Standin { get; init; }

    /// <summary>Name and address that a package carries as its maker.</summary>
    public required string Packager { get; init; }

    public required PackageFormat Arch { get; init; }

    public required PackageFormat Fedora { get; init; }
}

/// <summary>How one kind of package is made.</summary>
public sealed record PackageFormat
{
    /// <summary>The distribution's own image for building packages, with a digest.</summary>
    public required string Image { get; init; }

    /// <summary>What the package tool is told of compression, in its own words.</summary>
    public required string Compression { get; init; }

    /// <summary>File name ending of a finished package.</summary>
    public required string Ending { get; init; }
}
