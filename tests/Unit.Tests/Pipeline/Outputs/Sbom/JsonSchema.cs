using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Gfxbake.Unit.Tests.Pipeline.Outputs.Sbom;

/// <summary>
/// Checks documents against a JSON schema of draft 7. A keyword that it does not know is an error, so that nothing is
/// passed over in silence. The package feed of this project's machines has no complete validator.
/// </summary>
internal sealed class JsonSchema(string directory, string file)
{
    private static readonly HashSet<string> Annotations =
    [
        "$schema",
        "$id",
        "$comment",
        "title",
        "description",
        "examples",
        "default",
        "definitions",
        "meta:enum",
        "deprecated",
        // Read together with the keyword that they belong to.
        "additionalProperties",
        "additionalItems",
        "then",
        "else",
    ];

    private readonly Dictionary<string, JsonElement> files = [];

    /// <summary>Every fault with its place; none for a valid document.</summary>
    public List<string> Faults(JsonElement document) => [.. Check(document, Load(file), file, "$")];

    private JsonElement Load(string name)
    {
        if (!files.TryGetValue(name, out var schema))
            files.Add(name, schema = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(directory, name))).RootElement);

        return schema;
    }

    private IEnumerable<string> Check(JsonElement value, JsonElement schema, string source, string at)
    {
        if (schema.ValueKind is JsonValueKind.True or JsonValueKind.False)
            return schema.ValueKind == JsonValueKind.True ? [] : [$"{at}: nothing is allowed here"];

        if (schema.TryGetProperty("$ref", out var reference))
        {
            // In draft 7 what stands beside a $ref does not count.
            var (name, pointer) = (reference.GetString()!.Split('#')[0], reference.GetString()!.Split('#').ElementAtOrDefault(1) ?? "");
            var target = name.Length == 0 ? source : name;
            return Check(
                value,
                pointer.Split('/', StringSplitOptions.RemoveEmptyEntries).Aggregate(Load(target), (s, p) => s.GetProperty(p)),
                target,
                at
            );
        }

        return schema
            .EnumerateObject()
            .Where(k => !Annotations.Contains(k.Name))
            .SelectMany(k => CheckKeyword(value, schema, k, source, at));
    }

    private IEnumerable<string> CheckKeyword(JsonElement value, JsonElement schema, JsonProperty keyword, string source, string at)
    {
        IEnumerable<string> Sub(JsonElement sub) => Check(value, sub, source, at);
        var rule = keyword.Value;
        return keyword.Name switch
        {
            "type" => When(HasType(value, rule.GetString()!)),
            "enum" => When(rule.EnumerateArray().Any(e => JsonElement.DeepEquals(e, value))),
            "const" => When(JsonElement.DeepEquals(rule, value)),
            "oneOf" => When(rule.EnumerateArray().Count(s => !Sub(s).Any()) == 1),
            "anyOf" => When(rule.EnumerateArray().Any(s => !Sub(s).Any())),
            "allOf" => rule.EnumerateArray().SelectMany(Sub),
            "if" => schema.TryGetProperty(Sub(rule).Any() ? "else" : "then", out var next) ? Sub(next) : [],
            "required" or "properties" => value.ValueKind == JsonValueKind.Object ? CheckObject(value, schema, keyword, source, at) : [],
            "items" or "minItems" or "maxItems" or "uniqueItems" => value.ValueKind == JsonValueKind.Array
                ? CheckArray(value, schema, keyword, source, at)
                : [],
            "pattern" or "format" or "minLength" or "maxLength" => When(
                value.ValueKind != JsonValueKind.String || FitsText(value.GetString()!, keyword)
            ),
            "minimum" => When(value.ValueKind != JsonValueKind.Number || value.GetDouble() >= rule.GetDouble()),
            "maximum" => When(value.ValueKind != JsonValueKind.Number || value.GetDouble() <= rule.GetDouble()),
            _ => throw new NotSupportedException($"{source}: keyword '{keyword.Name}'"),
        };

        IEnumerable<string> When(bool fits) => fits ? [] : [$"{at}: against '{keyword.Name}'"];
    }

    private IEnumerable<string> CheckObject(JsonElement value, JsonElement schema, JsonProperty keyword, string source, string at)
    {
        if (keyword.Name == "required")
        {
            return keyword
                .Value.EnumerateArray()
                .Where(n => !value.TryGetProperty(n.GetString()!, out _))
                .Select(n => $"{at}: '{n}' is missing");
        }

        var other = schema.TryGetProperty("additionalProperties", out var additional) ? additional : default;
        return value
            .EnumerateObject()
            .SelectMany(p =>
                keyword.Value.TryGetProperty(p.Name, out var known) ? Check(p.Value, known, source, $"{at}.{p.Name}")
                : other.ValueKind == JsonValueKind.Undefined ? []
                : Check(p.Value, other, source, $"{at}.{p.Name}")
            );
    }

    private IEnumerable<string> CheckArray(JsonElement value, JsonElement schema, JsonProperty keyword, string source, string at)
    {
        var items = value.EnumerateArray().ToList();
        return keyword.Name switch
        {
            "minItems" => items.Count >= keyword.Value.GetInt32() ? [] : [$"{at}: too few items"],
            "maxItems" => items.Count <= keyword.Value.GetInt32() ? [] : [$"{at}: too many items"],
            "uniqueItems" => items.Select(i => i.GetRawText()).Distinct().Count() == items.Count ? [] : [$"{at}: an item twice"],
            _ when keyword.Value.ValueKind == JsonValueKind.Array => items.SelectMany(
                (item, i) =>
                    i < keyword.Value.GetArrayLength() ? Check(item, keyword.Value[i], source, $"{at}[{i}]")
                    : schema.TryGetProperty("additionalItems", out var more) ? Check(item, more, source, $"{at}[{i}]")
                    : []
            ),
            _ => items.SelectMany((item, i) => Check(item, keyword.Value, source, $"{at}[{i}]")),
        };
    }

    private static bool HasType(JsonElement value, string type) =>
        type switch
        {
            "integer" => value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out _),
            "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
            _ => value.ValueKind.ToString().Equals(type, StringComparison.OrdinalIgnoreCase),
        };

    private static bool FitsText(string text, JsonProperty keyword) =>
        keyword.Name switch
        {
            "pattern" => Regex.IsMatch(text, keyword.Value.GetString()!, RegexOptions.ECMAScript),
            "minLength" => text.Length >= keyword.Value.GetInt32(),
            "maxLength" => text.Length <= keyword.Value.GetInt32(),
            _ when keyword.Value.GetString() == "date-time" => DateTimeOffset.TryParseExact(
                text,
                "yyyy-MM-dd'T'HH:mm:ss'Z'",
                CultureInfo.InvariantCulture,
                DateTimeStyles.AssumeUniversal,
                out _
            ),

            // No document of ours has these.
            _ => throw new NotSupportedException($"format '{keyword.Value}'"),
        };
}
