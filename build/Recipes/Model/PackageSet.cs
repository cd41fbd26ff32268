namespace Gfxbake.Recipes.Model;

/// <summary>Packages of a distribution that a variant's Dockerfile installs without a network, each pinned by its digest.</summary>
public sealed record PackageSet
{
    private IReadOnlyList<LockedPackage> files = [];

    /// <summary>A file below recipes/ with a line "SHA-256 address" for each package.</summary>
    public required string Lock { get; init; }

    /// <summary>What the file says, of a recipe that was read.</summary>
    public IReadOnlyList<LockedPackage> Files => files;

    public PackageSet With(IReadOnlyList<LockedPackage> locked) => this with { files = locked };
}

/// <summary>A package's file.</summary>
/// <param name="Url">Where it is; its last part is the file's name in the folder packages beside the Dockerfile.</param>
/// <param name="Sha256">Of its bytes, 64 hex digits.</param>
public sealed record LockedPackage(string Url, string Sha256)
{
    public string Name => Uri.UnescapeDataString(Url[(Url.LastIndexOf('/') + 1)..]);

    /// <summary>The same as something that can be downloaded.</summary>
    public Archive Archive => new() { Url = Url, Sha256 = Sha256 };
}
