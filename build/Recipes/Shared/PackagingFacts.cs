using Gfxbake.Recipes.Model;
using Gfxbake.Recipes.Yaml;

namespace Gfxbake.Recipes.Shared;

/// <summary>Where packages are made and in which formats, once for all recipes (recipes/_shared/packages.yml).</summary>
public sealed record PackagingFacts
{
    /// <summary>
    /// A bare Debian, bootstrapped: the alternate root comes from it, and the package tools where a distribution's own image can't be
    /// pulled.
    /// </summary>
    public required Bootstrap Standin { get; init; }

    /// <summary>Name and address that a package carries as its maker.</summary>
    public required string Packager { get; init; }

    /// <summary>Every package format by its name, with which its files in docker/packages begin.</summary>
    public required IReadOnlyDictionary<string, PackageFormat> Formats { get; init; }

    /// <exception cref="RecipeException">There is no such format.</exception>
    public PackageFormat Format(string name) =>
        Formats.TryGetValue(name, out var format)
            ? format
            : throw new RecipeException([
                $"unknown package format '{name}'; known: {string.Join(", ", Formats.Keys)} (recipes/_shared/packages.yml)",
            ]);
}
