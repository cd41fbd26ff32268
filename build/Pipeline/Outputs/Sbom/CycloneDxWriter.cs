using System.Globalization;
using System.Text.Json.Serialization;

namespace Gfxbake.Pipeline.Outputs.Sbom;

/// <summary>Writes a CycloneDX 1.6 document as JSON, streamed.</summary>
public static class CycloneDxWriter
{
    private const string Image = "Image";

    private static readonly string[] WholeImage = [Image];

    public static void Write(SbomDocument document, Stream output)
    {
        var subject = document.Subject;
        var licences = document.Licences.ToDictionary(l => l.Id, StringComparer.Ordinal);
        SbomJson.Write(
            new
            {
                bomFormat = "CycloneDX",
                specVersion = "1.6",
                serialNumber = "urn:uuid:" + SbomNames.Uuid(subject),
                version = 1,
                metadata = new
                {
                    timestamp = SbomNames.Time(subject),
                    tools = new { components = new[] { new Component("application", null, "gfxbake") { Version = subject.ToolVersion } } },
                    component = new Component("container", Image, subject.Image)
                    {
                        Version = subject.Version,
                        // Files that no package owns are parts of the image itself.
                        Components = document.Unowned.Select(f => FileOf(f, owned: false)),
                        Properties = Properties(("rootFileSystem", subject.RootFileSystem)),
                    },
                },
                components = document.Packages.Select(p => PackageOf(p, licences)),
                // What needs what is in the plan by file, not here by package.
                compositions = new[] { new { aggregate = "unknown", dependencies = WholeImage } },
            },
            output
        );
    }

    private static Component PackageOf(SbomPackage package, Dictionary<string, ExtractedLicence> licences) =>
        new("library", SbomNames.OfPackage(package), package.Name)
        {
            Version = package.Version.Length == 0 ? null : package.Version,
            Licenses = package.Licence.Expression is not { } expression ? null : [new { expression, acknowledgement = "declared" }],
            Evidence = TextsOf(package.Licence.Expression, licences),
            Purl = package.Purl,
            Components = package.Files.Select(f => FileOf(f, owned: true)),
            Properties = Properties(
                ("architecture", package.Architecture),
                ("source", package.Source),
                ("replaces", package.Replaces ?? ""),
                ("links", package.Links.ToString(CultureInfo.InvariantCulture)),
                ("licenceNote", package.Licence.Note ?? "")
            ),
        };

    /// <summary>An expression has no place for texts.</summary>
    private static object? TextsOf(string? expression, Dictionary<string, ExtractedLicence> licences)
    {
        var texts = (expression ?? "")
            .Split(' ', '(', ')')
            .Distinct()
            .Select(licences.GetValueOrDefault)
            .OfType<ExtractedLicence>()
            .ToList();
        return texts.Count == 0
            ? null
            : new
            {
                licenses = texts.Select(l => new
                {
                    license = new { name = l.Id, text = new { contentType = "text/plain", content = l.Text } },
                }),
            };
    }

    private static Component FileOf(SbomFile file, bool owned) =>
        new("file", SbomNames.OfPath(file.Path), file.Path)
        {
            Hashes = [new { alg = "SHA-1", content = file.Sha1 }, new { alg = "SHA-256", content = file.Sha256 }],
            Properties = Properties(("size", file.Size.ToString(CultureInfo.InvariantCulture)), ("owner", owned ? "" : "none")),
        };

    private static IEnumerable<object> Properties(params (string Name, string Value)[] properties) =>
        properties.Where(p => p.Value.Length > 0).Select(p => new { name = "gfxbake:" + p.Name, value = p.Value });

    /// <summary>The image, a package, a file or this program, as far as each has what is here.</summary>
    private sealed record Component(
        [property: JsonPropertyName("type")] string Type,
        [property: JsonPropertyName("bom-ref")] string? Reference,
        [property: JsonPropertyName("name")] string Name
    )
    {
        [JsonPropertyName("version")]
        public string? Version { get; init; }

        [JsonPropertyName("licenses")]
        public object[]? Licenses { get; init; }

        [JsonPropertyName("evidence")]
        public object? Evidence { get; init; }

        [JsonPropertyName("purl")]
        public string? Purl { get; init; }

        [JsonPropertyName("hashes")]
        public object[]? Hashes { get; init; }

        [JsonPropertyName("components")]
        public IEnumerable<Component>? Components { get; init; }

        [JsonPropertyName("properties")]
        public IEnumerable<object>? Properties { get; init; }
    }
}
