using System.Text.Json;
using System.Text.Json.Nodes;
using Gfxbake.Pipeline.Outputs.Sbom;

namespace Gfxbake.Unit.Tests.Pipeline.Outputs.Sbom;

[TestFixture]
internal sealed class SbomFormatTests
{
    [Test]
    public void CycloneDx_document_is_valid_against_the_published_schema()
    {
        using var sample = new SampleSbom();

        Assert.That(Faults(CycloneDx(sample)), Is.Empty);
    }

    [TestCase("$.serialNumber", "\"urn:uuid:1\"", "$.serialNumber: against 'pattern'")]
    [TestCase("$.specVersion", "16", "$.specVersion: against 'type'")]
    [TestCase("$.metadata.timestamp", "\"yesterday\"", "$.metadata.timestamp: against 'format'")]
    [TestCase("$.metadata.component.type", "\"thing\"", "$.metadata.component.type: against 'enum'")]
    [TestCase("$.metadata.component.extra", "1", "$.metadata.component.extra: nothing is allowed here")]
    [TestCase("$.bomFormat", null, "$: 'bomFormat' is missing")]
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
        var golden = Path.Combine(RepositoryRoot.Path, "tests", "Unit.Tests", "Pipeline", "Outputs", "Sbom", "Golden", "sbom.spdx.json");
        var document = SampleSbom.Text(SpdxWriter.Write, sample.Document);
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(golden)!);
            File.WriteAllText(golden, document);
        }

        Assert.That(document, Is.EqualTo(File.ReadAllText(golden)));
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

    private static string? Serial(SampleSbom sample) => JsonNode.Parse(CycloneDx(sample))!["serialNumber"]!.GetValue<string>();

    private static string CycloneDx(SampleSbom sample) => SampleSbom.Text(CycloneDxWriter.Write, sample.Document);

    private static List<string> Faults(string document)
    {
        using var parsed = JsonDocument.Parse(document);
        return new JsonSchema(Schemas(), "bom-1.6.SNAPSHOT.schema.json").Faults(parsed.RootElement);
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
