namespace Gfxbake.Pipeline.Outputs.Sbom;

/// <summary>What remains in a minimal image: packages, files and licences, in ordinal order.</summary>
public sealed record SbomDocument
{
    public required SbomSubject Subject { get; init; }

    public required IReadOnlyList<SbomPackage> Packages { get; init; }

    /// <summary>Files that no package owns.</summary>
    public required IReadOnlyList<SbomFile> Unowned { get; init; }

    /// <summary>Licences that the SPDX list lacks, or of which nobody can tell that it has them.</summary>
    public required IReadOnlyList<ExtractedLicence> Licences { get; init; }
}

/// <summary>The image that a document speaks of.</summary>
/// <param name="Image">Its name.</param>
/// <param name="Version">Version of the packaged program.</param>
/// <param name="RootFileSystem">Digest of its files; the document's name on the net is derived from it.</param>
/// <param name="SourceDateEpoch">Seconds since 1970: the document's time.</param>
/// <param name="ToolVersion">Version of this program.</param>
public sealed record SbomSubject(string Image, string Version, string RootFileSystem, long SourceDateEpoch, string ToolVersion);

/// <summary>A package of which at least one file or link remains, or what gfxbake put into the image itself.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Version">Its version as the database has it.</param>
/// <param name="Architecture">"amd64", "all" or another one; empty when the database doesn't say.</param>
/// <param name="Source">Name of its source package.</param>
/// <param name="Purl">Package URL; null where the distribution is not known, which its types demand.</param>
/// <param name="Licence">What it declares.</param>
/// <param name="Links">Number of symbolic links that remain.</param>
/// <param name="Files">The files that remain.</param>
public sealed record SbomPackage(
    string Name,
    string Version,
    string Architecture,
    string Source,
    string? Purl,
    PackageLicence Licence,
    int Links,
    IReadOnlyList<SbomFile> Files
)
{
    /// <summary>What a stand-in of gfxbake's own replaces, and why it may; null for packages of the image.</summary>
    public string? Replaces { get; init; }
}

/// <summary>What a package declares: a Debian copyright file speaks of its whole source, an RPM's field of the package.</summary>
/// <param name="Expression">An SPDX licence expression; null when there is none, or the copyright file is not machine-readable.</param>
/// <param name="Note">Where there is no expression, why; else null.</param>
public sealed record PackageLicence(string? Expression, string? Note);

/// <summary>A file as it is in the minimal image; hard links are files of the same content.</summary>
public sealed record SbomFile(string Path, long Size, string Sha1, string Sha256);

/// <summary>A licence by its text.</summary>
/// <param name="Id">"LicenseRef-" and more.</param>
/// <param name="Name">The name that the package gives it.</param>
/// <param name="Text">The text that stands there, or a sentence that says that none does.</param>
public sealed record ExtractedLicence(string Id, string Name, string Text);
