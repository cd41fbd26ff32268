namespace Gfxbake.Recipes.Model;

/// <summary>A file, or a folder of files, that a package has besides what is in the image; nothing in it is a template.</summary>
public sealed record PackageTree
{
    /// <summary>In a target, the package's own folder: a path of the image follows it.</summary>
    public const string Home = "{home}";

    /// <summary>In a target, the package's folder of licence texts.</summary>
    public const string Licenses = "{licenses}";

    /// <summary>Name of one of the recipe's sources that has it; null: it lies below recipes/.</summary>
    public string? From { get; init; }

    /// <summary>A file or a folder of the source, or below recipes/.</summary>
    public required string Source { get; init; }

    /// <summary>Of a folder, patterns of what is taken, absolute as if the folder were all there is; none: everything.</summary>
    public IReadOnlyList<string> Files { get; init; } = [];

    /// <summary>Where the file or the folder is installed.</summary>
    public required string Target { get; init; }

    /// <summary>Name that the image's own file at the target gets instead; null: the image has none there.</summary>
    public string? Replaced { get; init; }

    /// <summary>SPDX expression of what is in it; null: the recipe's.</summary>
    public string? License { get; init; }

    /// <summary>Variants whose packages have it; none: all.</summary>
    public IReadOnlyList<string> Variants { get; init; } = [];

    public bool IsOf(string variant) => Variants.Count == 0 || Variants.Contains(variant);
}
