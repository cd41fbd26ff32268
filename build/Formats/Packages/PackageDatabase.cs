namespace Gfxbake.Formats.Packages;

/// <summary>What is installed in an image, as the database of its package manager says it.</summary>
public abstract class PackageDatabase
{
    /// <summary>The type of its packages' URLs, "deb" or "rpm".</summary>
    public abstract string Type { get; }

    /// <summary>By name, then architecture. A name may come twice, for two architectures or two versions side by side.</summary>
    public abstract IReadOnlyList<InstalledPackage> Packages { get; }

    /// <summary>
    /// The package that a file, link or device of the image belongs to, by its path in the image's entries; null when no package owns it.
    /// Directories, which packages share, have none.
    /// </summary>
    public abstract string? OwnerOf(string path);

    /// <summary>Paths of the files that tell what a package is under; they need not be in the image.</summary>
    public abstract IEnumerable<string> LicenceFiles(string package);

    public abstract DeclaredLicence LicenceOf(string package);

    /// <summary>The package's URL (purl-spec).</summary>
    /// <param name="package">One of <see cref="Packages"/>.</param>
    /// <param name="distribution">ID of /etc/os-release.</param>
    public abstract string Url(InstalledPackage package, string distribution);

    /// <summary>A part of a URL. The package-url specification leaves ':' as it is; Debian's epochs have one.</summary>
    protected static string Escape(string text) => Uri.EscapeDataString(text).Replace("%3A", ":", StringComparison.Ordinal);
}
