using System.Security.Cryptography;
using System.Text;

namespace Gfxbake.Pipeline.Outputs.Sbom;

/// <summary>Writes an SPDX 2.3 document as JSON, streamed.</summary>
public static class SpdxWriter
{
    private const string Document = "SPDXRef-DOCUMENT",
        Image = "SPDXRef-Image",
        None = "NOASSERTION";

    public static void Write(SbomDocument document, Stream output)
    {
        var subject = document.Subject;
        var files = document.Packages.SelectMany(p => p.Files).Concat(document.Unowned);
        SbomJson.Write(
            new
            {
                spdxVersion = "SPDX-2.3",
                dataLicense = "CC0-1.0",
                SPDXID = Document,
                name = subject.Image,
                documentNamespace = $"https://spdx.org/spdxdocs/gfxbake-{SbomNames.Uuid(subject)}",
                creationInfo = new { created = SbomNames.Time(subject), creators = new[] { $"Tool: gfxbake-{subject.ToolVersion}" } },
                packages = document.Packages.Select(PackageOf).Prepend(ImageOf(subject, files)),
                files = files.OrderBy(f => f.Path, StringComparer.Ordinal).Select(FileOf),
                hasExtractedLicensingInfos = document.Licences.Count == 0
                    ? null
                    : document.Licences.Select(l => new
                    {
                        licenseId = l.Id,
                        name = l.Name,
                        extractedText = l.Text,
                    }),
                relationships = Relationships(document)
                    .Select(r => new
                    {
                        spdxElementId = r.From,
                        relationshipType = r.Type,
                        relatedSpdxElement = r.To,
                    }),
            },
            output
        );
    }

    private static object ImageOf(SbomSubject subject, IEnumerable<SbomFile> files) =>
        new
        {
            SPDXID = Image,
            name = subject.Image,
            versionInfo = subject.Version,
            primaryPackagePurpose = "CONTAINER",
            downloadLocation = None,
            filesAnalyzed = files.Any(),
            packageVerificationCode = CodeOf(files),
            licenseConcluded = None,
            licenseDeclared = None,
            copyrightText = None,
            comment = $"Root file system {subject.RootFileSystem}. "
                + "Files that this package contains directly belong to no package of the distribution.",
        };

    private static object PackageOf(SbomPackage package) =>
        new
        {
            SPDXID = Id(package),
            name = package.Name,
            versionInfo = package.Version.Length == 0 ? null : package.Version,
            downloadLocation = None,
            sourceInfo = package.Replaces is null ? $"built from the source package {package.Source}" : "written by gfxbake",
            filesAnalyzed = package.Files.Count > 0,
            packageVerificationCode = CodeOf(package.Files),
            licenseConcluded = None,
            licenseDeclared = package.Licence.Expression ?? None,
            licenseComments = package.Licence.Note,
            copyrightText = None,
            externalRefs = package.Purl is not { } purl
                ? null
                : new[]
                {
                    new
                    {
                        referenceCategory = "PACKAGE-MANAGER",
                        referenceType = "purl",
                        referenceLocator = purl,
                    },
                },
            comment = package.Replaces ?? "Only a part of the package remains: the files listed here and symbolic links.",
        };

    // SPDX 2.3, clause 7.9: SHA-1 over the sorted SHA-1s of the files. It is no matter of security.
    private static object? CodeOf(IEnumerable<SbomFile> files)
    {
        var all = string.Concat(files.Select(f => f.Sha1).Order(StringComparer.Ordinal));
        if (all.Length == 0)
            return null;
        using var sha1 = IncrementalHash.CreateHash(HashAlgorithmName.SHA1);
        sha1.AppendData(Encoding.ASCII.GetBytes(all));
        return new { packageVerificationCodeValue = Convert.ToHexStringLower(sha1.GetHashAndReset()) };
    }

    private static object FileOf(SbomFile file) =>
        new
        {
            SPDXID = Id(file),
            fileName = "." + file.Path,
            checksums = new[]
            {
                new { algorithm = "SHA1", checksumValue = file.Sha1 },
                new { algorithm = "SHA256", checksumValue = file.Sha256 },
            },
        };

    private static IEnumerable<(string From, string Type, string To)> Relationships(SbomDocument document) =>
        document
            .Packages.SelectMany(p => p.Files.Select(f => (Id(p), "CONTAINS", Id(f))).Prepend((Image, "CONTAINS", Id(p))))
            .Prepend((Document, "DESCRIBES", Image))
            .Concat(document.Unowned.Select(f => (Image, "CONTAINS", Id(f))));

    private static string Id(SbomPackage package) => "SPDXRef-" + SbomNames.OfPackage(package);

    private static string Id(SbomFile file) => "SPDXRef-" + SbomNames.OfPath(file.Path);
}
