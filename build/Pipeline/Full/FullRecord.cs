using Gfxbake.Formats.Images;
using Gfxbake.Formats.Packages;
using Gfxbake.Pipeline.Steps;

namespace Gfxbake.Pipeline.Full;

/// <summary>Size of an image's file system.</summary>
/// <param name="Content">Counts and the sum of all file sizes.</param>
/// <param name="TarBytes">Size of the file system exported as a tar.</param>
public sealed record ImageSize(ImageStatistics Content, long TarBytes);

/// <summary>full.json: the unpruned image. What its files held stands in full.mtree.</summary>
public sealed record FullRecord : StepRecord
{
    public required string Image { get; init; }

    public required string ImageId { get; init; }

    /// <summary>Version of the packaged program.</summary>
    public required string Version { get; init; }

    /// <summary>
    /// When newer packages were last asked for, in UTC; null: never. It keeps an engine from taking older layers out of its cache.
    /// </summary>
    public string? ArchiveAsOf { get; init; }

    public required ImageSize Size { get; init; }

    /// <summary>SHA-256 of full.mtree, which has the digest of every file.</summary>
    public required string Files { get; init; }

    public required IReadOnlyList<InstalledPackage> Packages { get; init; }

    /// <summary>What kind of packages they are, as package URLs call it; null: <see cref="Deb"/>.</summary>
    public string? PackageType { get; init; }

    /// <summary>Debian packages.</summary>
    public const string Deb = "deb";
}
