using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Gfxbake.Pipeline.Outputs.Sbom;

/// <summary>Writes an SPDX 2.3 document as JSON, streamed.</summary>
public sealed class SpdxWriter
{
    private const string Image = "SPDXRef-Image",
        None = "NOASSERTION";
    private readonly SbomDocument document;
    private readonly Utf8JsonWriter json;

    private SpdxWriter(SbomDocument document, Utf8JsonWriter json) => (this.document, this.json) = (document, json);

    public static void Write(SbomDocument document, Stream output)
    {
        using (var json = new Utf8JsonWriter(output, SbomJson.Options))
        {
            new SpdxWriter(document, json).Write();
        }

        output.WriteByte((byte)'\n');
    }

    private IEnumerable<SbomFile> Files => document.Packages.SelectMany(p => p.Files).Concat(document.Unowned);

    private void Write()
    {
        var subject = document.Subject;
        json.WriteStartObject();
        json.WriteString("spdxVersion", "SPDX-2.3");
        json.WriteString("dataLicense", "CC0-1.0");
        json.WriteString("SPDXID", "SPDXRef-DOCUMENT");
        json.WriteString("name", subject.Image);
        json.WriteString("documentNamespace", $"https://spdx.org/spdxdocs/gfxbake-{SbomNames.Uuid(subject)}");
        json.WriteStartObject("creationInfo");
        json.WriteString("created", SbomNames.Time(subject));
        json.Strings("creators", [$"Tool: gfxbake-{subject.ToolVersion}"]);
        json.WriteEndObject();
        json.List("packages", document.Packages, WritePackage, first: WriteImage);
        json.List("files", Files.OrderBy(f => f.Path, StringComparer.Ordinal), WriteFile);
        if (document.Licences.Count > 0)
            json.List("hasExtractedLicensingInfos", document.Licences, WriteLicence);

        json.List("relationships", Relationships(), WriteRelationship);
        json.WriteEndObject();
    }

    private void WriteImage()
    {
        json.WriteStartObject();
        json.WriteString("SPDXID", Image);
        json.WriteString("name", document.Subject.Image);
        json.WriteString("versionInfo", document.Subject.Version);
        json.WriteString("primaryPackagePurpose", "CONTAINER");
        json.WriteString("downloadLocation", None);
        WriteCode(Files);
        json.WriteString("licenseConcluded", None);
        json.WriteString("licenseDeclared", None);
        json.WriteString("copyrightText", None);
        json.WriteString(
            "comment",
            $"Root file system {document.Subject.RootFileSystem}. "
                + "Files that this package contains directly belong to no package of the distribution."
        );
        json.WriteEndObject();
    }

    private void WritePackage(SbomPackage package)
    {
        json.WriteStartObject();
        json.WriteString("SPDXID", Id(package));
        json.WriteString("name", package.Name);
        if (package.Version.Length > 0)
            json.WriteString("versionInfo", package.Version);

        json.WriteString("downloadLocation", None);
        json.WriteString("sourceInfo", $"built from the source package {package.Source}");
        WriteCode(package.Files);
        json.WriteString("licenseConcluded", None);
        json.WriteString("licenseDeclared", package.Licence.Expression ?? None);
        if (package.Licence.Note is { } note)
            json.WriteString("licenseComments", note);

        json.WriteString("copyrightText", None);
        if (package.Purl is { } purl)
        {
            json.WriteStartArray("externalRefs");
            json.WriteStartObject();
            json.WriteString("referenceCategory", "PACKAGE-MANAGER");
            json.WriteString("referenceType", "purl");
            json.WriteString("referenceLocator", purl);
            json.WriteEndObject();
            json.WriteEndArray();
        }

        json.WriteString("comment", "Only a part of the package remains: the files listed here and symbolic links.");
        json.WriteEndObject();
    }

    // SPDX 2.3, clause 7.9: SHA-1 over the sorted SHA-1s of the files.
    private void WriteCode(IEnumerable<SbomFile> files)
    {
        var all = string.Concat(files.Select(f => f.Sha1).Order(StringComparer.Ordinal));
        json.WriteBoolean("filesAnalyzed", all.Length > 0);
        if (all.Length > 0)
        {
            json.WriteStartObject("packageVerificationCode");
            using var sha1 = IncrementalHash.CreateHash(HashAlgorithmName.SHA1);
            sha1.AppendData(Encoding.ASCII.GetBytes(all));
            json.WriteString("packageVerificationCodeValue", Convert.ToHexStringLower(sha1.GetHashAndReset()));
            json.WriteEndObject();
        }
    }

    private void WriteFile(SbomFile file)
    {
        json.WriteStartObject();
        json.WriteString("SPDXID", Id(file));
        json.WriteString("fileName", "." + file.Path);
        json.WriteStartArray("checksums");
        foreach (var (algorithm, value) in new[] { ("SHA1", file.Sha1), ("SHA256", file.Sha256) })
        {
            json.WriteStartObject();
            json.WriteString("algorithm", algorithm);
            json.WriteString("checksumValue", value);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private void WriteLicence(ExtractedLicence licence)
    {
        json.WriteStartObject();
        json.WriteString("licenseId", licence.Id);
        json.WriteString("name", licence.Name);
        json.WriteString("extractedText", licence.Text);
        json.WriteEndObject();
    }

    private IEnumerable<(string From, string Type, string To)> Relationships() =>
        document
            .Packages.SelectMany(p => p.Files.Select(f => (Id(p), "CONTAINS", Id(f))).Prepend((Image, "CONTAINS", Id(p))))
            .Prepend(("SPDXRef-DOCUMENT", "DESCRIBES", Image))
            .Concat(document.Unowned.Select(f => (Image, "CONTAINS", Id(f))));

    private void WriteRelationship((string From, string Type, string To) relationship)
    {
        json.WriteStartObject();
        json.WriteString("spdxElementId", relationship.From);
        json.WriteString("relationshipType", relationship.Type);
        json.WriteString("relatedSpdxElement", relationship.To);
        json.WriteEndObject();
    }

    private static string Id(SbomPackage package) => "SPDXRef-" + SbomNames.OfPackage(package);

    private static string Id(SbomFile file) => "SPDXRef-" + SbomNames.OfPath(file.Path);
}
