using System.Text.Json;
using System.Text.Json.Nodes;
using Gfxbake.Pipeline.Outputs.Sbom;
using Json.Schema;

namespace Gfxbake.Unit.Tests.Pipeline.Outputs.Sbom;

[TestFixture]
internal sealed class SbomFormatTests
{
    private static readonly Lazy<JsonSchema> CycloneDxSchema = new(ReadSchema);
    private static readonly EvaluationOptions Strict = new() { OutputFormat = OutputFormat.Hierarchical, RequireFormatValidation = true };

    [Test]
    public void CycloneDx_document_is_valid_against_the_published_schema()
    {
        using var sample = new SampleSbom();

        Assert.That(Faults(CycloneDx(sample)), Is.Empty);
    }

    [TestCase("$.serialNumber", "\"urn:uuid:1\"", "/serialNumber: The string value is not a match for the indicated regular expression")]
    [TestCase("$.specVersion", "16", "/specVersion: Value is \"integer\" but should be \"string\"")]
    [TestCase("$.metadata.timestamp", "\"yesterday\"", "/metadata/timestamp: Value does not match format \"date-time\"")]
    [TestCase(
        "$.metadata.component.type",
        "\"thing\"",
        "/metadata/component/type: Value should match one of the values specified by the enum"
    )]
    [TestCase("$.metadata.component.extra", "1", "/metadata/component/extra: All values fail against the false schema")]
    [TestCase("$.bomFormat", null, ": Required properties [\"bomFormat\"] are not present")]
    public void Broken_CycloneDx_document_is_not_valid(string path, string? value, string fault)
    {
        using var sample = new SampleSbom();
        var document = JsonNode.Parse(CycloneDx(sample))!;
        var names = path.Split('.')[1..];
        var parent = names[..^1].Aggregate(document, (node, name) => node[name]!).AsObject();
        parent.Remove(names[^1]);
        if (value is not null)
            parent.Add(names[^1], JsonNode.Parse(value));

        Assert.That(Faults(document.ToJsonString()), Is.EqualTo(new[] { fault }));
    }

    [Test]
    public void CycloneDx_licence_ids_are_on_the_published_list()
    {
        using var list = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Schemas(), "spdx.SNAPSHOT.schema.json")));
        var ids = list.RootElement.GetProperty("enum").EnumerateArray().Select(e => e.GetString()).ToHashSet();

        Assert.That(LicenceNamesInUse().Where(n => !ids.Contains(n)), Is.Empty);
    }

    // The golden document was held against spdx-schema.json of SPDX 2.3, which is not in this repository; hold it against that again when
    // it changes.
    [Test]
    public void Spdx_document_is_as_agreed()
    {
        using var sample = new SampleSbom();

        AssertGolden(SampleSbom.Text(SpdxWriter.Write, sample.Document), "sbom.spdx.json");
    }

    [Test]
    public void CycloneDx_document_is_as_agreed()
    {
        using var sample = new SampleSbom();

        AssertGolden(CycloneDx(sample), "sbom.cdx.json");
    }

    [Test]
    public void Spdx_ids_are_unique_and_every_relationship_leads_to_one()
    {
        using var sample = new SampleSbom();
        using var spdx = JsonDocument.Parse(SampleSbom.Text(SpdxWriter.Write, sample.Document));
        var root = spdx.RootElement;
        var ids = new[] { "packages", "files" }
            .SelectMany(n => root.GetProperty(n).EnumerateArray())
            .Select(e => e.GetProperty("SPDXID").GetString()!)
            .Append("SPDXRef-DOCUMENT")
            .ToList();
        var relationships = root.GetProperty("relationships").EnumerateArray().ToList();

        Assert.That(ids, Is.Unique);
        Assert.That(ids, Has.All.Match("^SPDXRef-[a-zA-Z0-9.-]+$"));
        Assert.That(
            relationships
                .SelectMany(r => new[] { r.GetProperty("spdxElementId"), r.GetProperty("relatedSpdxElement") })
                .Select(e => e.GetString()!)
                .Distinct(),
            Is.SubsetOf(ids)
        );
        Assert.That(relationships, Has.Count.EqualTo(1 + 3 + 7 + 1));
    }

    [Test]
    public void Documents_have_no_time_but_the_recipes_and_are_the_same_each_time()
    {
        using var first = new SampleSbom();
        using var second = new SampleSbom();
        var (a, b) = (SampleSbom.Text(SpdxWriter.Write, first.Document), SampleSbom.Text(SpdxWriter.Write, second.Document));

        Assert.That(a, Is.EqualTo(b).And.Contain("\"created\": \"2023-11-14T22:13:20Z\""));
        Assert.That(CycloneDx(first), Is.EqualTo(CycloneDx(second)));
    }

    [Test]
    public void Other_files_give_the_document_another_name()
    {
        using var first = new SampleSbom();
        using var second = new SampleSbom { RootFileSystem = "sha256:5678" };

        Assert.That(Serial(first), Is.Not.EqualTo(Serial(second)));
    }

    private static void AssertGolden(string document, string name)
    {
        var golden = Path.Combine(RepositoryRoot.Path, "tests", "Unit.Tests", "Pipeline", "Outputs", "Sbom", "Golden", name);
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(golden)!);
            File.WriteAllText(golden, document);
        }

        Assert.That(document, Is.EqualTo(File.ReadAllText(golden)));
    }

    private static string? Serial(SampleSbom sample) => JsonNode.Parse(CycloneDx(sample))!["serialNumber"]!.GetValue<string>();

    private static string CycloneDx(SampleSbom sample) => SampleSbom.Text(CycloneDxWriter.Write, sample.Document);

    private static List<string> Faults(string document)
    {
        using var parsed = JsonDocument.Parse(document);
        return [.. Faults(CycloneDxSchema.Value.Evaluate(parsed.RootElement, Strict))];
    }

    /// <summary>Every fault with its place. What is valid may hold branches that are not: those that did not apply.</summary>
    private static IEnumerable<string> Faults(EvaluationResults results) =>
        results.IsValid
            ? []
            : (results.Errors?.Values.Select(e => $"{results.InstanceLocation}: {e}") ?? []).Concat(
                (results.Details ?? []).SelectMany(Faults)
            );

    private static JsonSchema ReadSchema()
    {
        var options = new BuildOptions { SchemaRegistry = new SchemaRegistry() };
        // The main schema names the others by their files, beside its own address.
        foreach (var other in new[] { "spdx", "jsf-0.82" })
        {
            var file = $"{other}.SNAPSHOT.schema.json";
            options.SchemaRegistry.Register(
                new Uri("http://cyclonedx.org/schema/" + file),
                JsonSchema.FromFile(Path.Combine(Schemas(), file), options)
            );
        }

        return JsonSchema.FromFile(Path.Combine(Schemas(), "bom-1.6.SNAPSHOT.schema.json"), options);
    }

    private static IEnumerable<string> LicenceNamesInUse()
    {
        string[] names =
        [
            "Expat",
            "GPL-1+",
            "GPL-2",
            "GPL-2+",
            "GPL-3+",
            "LGPL-2+",
            "LGPL-2.1+",
            "LGPL-3",
            "AGPL-3+",
            "GFDL-1.3+",
            "GFDL-NIV-1.2",
            "CC0",
            "Boost-1.0",
            "Zlib",
            "bsd-4-clause",
            "hpnd",
            "ntp",
        ];
        return names.Select(n => new LicenceReader().Read("/c", SampleSbom.Format + $"Files: *\nLicense: {n}\n").Expression!);
    }

    private static string Schemas() => Path.Combine(RepositoryRoot.Path, "tests", "fixtures", "schemas");
}
