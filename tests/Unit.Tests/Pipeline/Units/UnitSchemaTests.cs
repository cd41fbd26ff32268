using System.Text.Json;
using Gfxbake.Pipeline.Units;
using Gfxbake.Recipes.Reading;
using Json.Schema;
using YamlDotNet.Serialization;

namespace Gfxbake.Unit.Tests.Pipeline.Units;

/// <summary>Files of units against what their formats' own projects publish (tests/fixtures/schemas).</summary>
public sealed class UnitSchemaTests
{
    private static readonly string Schemas = Path.Combine(RepositoryRoot.Path, "tests", "fixtures", "schemas");

    [Test]
    public void Llama_swap_s_schema_takes_its_file()
    {
        // The draft is http://…: under the address that stands there nobody knows it.
        var text = File.ReadAllText(Path.Combine(Schemas, "llama-swap-config.schema.json"));
        var schema = JsonSchema.FromText(text.Replace("https://json-schema.org/draft-07", "http://json-schema.org/draft-07"), Options());
        var json = Json(Fill("llama-swap"));

        Assert.That(Faults(schema, json), Is.Empty);
        Assert.That(Faults(schema, json.Replace("\"cmd\":", "\"command\":")), Is.Not.Empty, "the schema takes anything");
    }

    [Test]
    public void Cdi_s_schema_takes_its_file()
    {
        var options = Options();
        var definitions = JsonSchema.FromFile(Path.Combine(Schemas, "cdi-defs.schema.json"), options);
        options.SchemaRegistry!.Register(new Uri("https://cdi.invalid/defs.json"), definitions);
        var text = File.ReadAllText(Path.Combine(Schemas, "cdi.schema.json")).Replace("\"defs.json#", "\"https://cdi.invalid/defs.json#");
        var schema = JsonSchema.FromText(text, options);

        Assert.That(Faults(schema, Fill("cdi")), Is.Empty);
        Assert.That(Faults(schema, Fill("cdi").Replace("\"path\":", "\"paths\":")), Is.Not.Empty, "the schema takes anything");
    }

    private static BuildOptions Options() => new() { SchemaRegistry = new SchemaRegistry(), Dialect = Dialect.Draft07 };

    private static IReadOnlyList<string> Faults(JsonSchema schema, string json)
    {
        using var document = JsonDocument.Parse(json);
        return [.. Faults(schema.Evaluate(document.RootElement, new EvaluationOptions { OutputFormat = OutputFormat.List }))];
    }

    private static IEnumerable<string> Faults(EvaluationResults results) =>
        results.IsValid
            ? []
            : (results.Errors?.Values.Select(e => $"{results.InstanceLocation}: {e}") ?? []).Concat(
                (results.Details ?? []).SelectMany(Faults)
            );

    private static string Json(string yaml) =>
        new SerializerBuilder()
            .JsonCompatible()
            .Build()
            .Serialize(
                new DeserializerBuilder().WithAttemptingUnquotedStringTypeDeserialization().Build().Deserialize(new StringReader(yaml))!
            );

    private static string Fill(string format) =>
        new UnitFiles(
            Path.Combine(RepositoryRoot.Path, "docker", "units"),
            RecipeBook.Open(Path.Combine(RepositoryRoot.Path, "recipes")).Units
        )
            .Fill([format], SampleUnits.Set(devices: ["/dev/kfd"]), asRoot: false)[0]
            .Text;
}
