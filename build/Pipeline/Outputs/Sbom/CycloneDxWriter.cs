using System.Globalization;
using System.Text.Json;

namespace Gfxbake.Pipeline.Outputs.Sbom;

/// <summary>Writes a CycloneDX 1.6 document as JSON, streamed.</summary>
public sealed class CycloneDxWriter
{
    private readonly SbomDocument document;
    private readonly Utf8JsonWriter json;
    private readonly Dictionary<string, ExtractedLicence> licences;

    private CycloneDxWriter(SbomDocument document, Utf8JsonWriter json)
    {
        (this.document, this.json) = (document, json);
        licences = document.Licences.ToDictionary(l => l.Id, StringComparer.Ordinal);
    }

    public static void Write(SbomDocument document, Stream output)
    {
        using (var json = new Utf8JsonWriter(output, SbomJson.Options))
        {
            new CycloneDxWriter(document, json).Write();
        }

        output.WriteByte((byte)'\n');
    }

    private void Write()
    {
        var subject = document.Subject;
        json.WriteStartObject();
        json.WriteString("bomFormat", "CycloneDX");
        json.WriteString("specVersion", "1.6");
        json.WriteString("serialNumber", "urn:uuid:" + SbomNames.Uuid(subject));
        json.WriteNumber("version", 1);
        WriteMetadata(subject);
        json.List("components", document.Packages, WritePackage);
        json.WriteStartArray("compositions");
        json.WriteStartObject();

        // What needs what is in the plan by file, not here by package.
        json.WriteString("aggregate", "unknown");
        json.Strings("dependencies", ["Image"]);
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private void WriteMetadata(SbomSubject subject)
    {
        json.WriteStartObject("metadata");
        json.WriteString("timestamp", SbomNames.Time(subject));
        json.WriteStartObject("tools");
        json.WriteStartArray("components");
        json.WriteStartObject();
        json.WriteString("type", "application");
        json.WriteString("name", "gfxbake");
        json.WriteString("version", subject.ToolVersion);
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteStartObject("component");
        json.WriteString("type", "container");
        json.WriteString("bom-ref", "Image");
        json.WriteString("name", subject.Image);
        json.WriteString("version", subject.Version);

        // Files that no package owns are parts of the image itself.
        json.List("components", document.Unowned, f => WriteFile(f, owned: false));
        Properties([("gfxbake:rootFileSystem", subject.RootFileSystem)]);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private void WritePackage(SbomPackage package)
    {
        json.WriteStartObject();
        json.WriteString("type", "library");
        json.WriteString("bom-ref", SbomNames.OfPackage(package));
        json.WriteString("name", package.Name);
        if (package.Version.Length > 0)
            json.WriteString("version", package.Version);

        WriteLicences(package.Licence.Expression);
        if (package.Purl is { } purl)
            json.WriteString("purl", purl);

        json.List("components", package.Files, f => WriteFile(f, owned: true));
        Properties(
            ("gfxbake:architecture", package.Architecture),
            ("gfxbake:source", package.Source),
            ("gfxbake:links", package.Links.ToString(CultureInfo.InvariantCulture)),
            ("gfxbake:licenceNote", package.Licence.Note ?? "")
        );
        json.WriteEndObject();
    }

    private void WriteLicences(string? expression)
    {
        if (expression is null)
            return;

        json.WriteStartArray("licenses");
        json.WriteStartObject();
        json.WriteString("expression", expression);
        json.WriteString("acknowledgement", "declared");
        json.WriteEndObject();
        json.WriteEndArray();

        // An expression has no place for texts.
        var texts = expression.Split(' ', '(', ')').Distinct().Select(licences.GetValueOrDefault).OfType<ExtractedLicence>().ToList();
        if (texts.Count > 0)
        {
            json.WriteStartObject("evidence");
            json.List("licenses", texts, WriteText);
            json.WriteEndObject();
        }
    }

    private void WriteText(ExtractedLicence licence)
    {
        json.WriteStartObject();
        json.WriteStartObject("license");
        json.WriteString("name", licence.Id);
        json.WriteStartObject("text");
        json.WriteString("contentType", "text/plain");
        json.WriteString("content", licence.Text);
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private void WriteFile(SbomFile file, bool owned)
    {
        json.WriteStartObject();
        json.WriteString("type", "file");
        json.WriteString("bom-ref", SbomNames.OfPath(file.Path));
        json.WriteString("name", file.Path);
        json.WriteStartArray("hashes");
        foreach (var (algorithm, value) in new[] { ("SHA-1", file.Sha1), ("SHA-256", file.Sha256) })
        {
            json.WriteStartObject();
            json.WriteString("alg", algorithm);
            json.WriteString("content", value);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        Properties(("gfxbake:size", file.Size.ToString(CultureInfo.InvariantCulture)), ("gfxbake:owner", owned ? "" : "none"));
        json.WriteEndObject();
    }

    private void Properties(params (string Name, string Value)[] properties)
    {
        json.WriteStartArray("properties");
        foreach (var (name, value) in properties.Where(p => p.Value.Length > 0))
        {
            json.WriteStartObject();
            json.WriteString("name", name);
            json.WriteString("value", value);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
