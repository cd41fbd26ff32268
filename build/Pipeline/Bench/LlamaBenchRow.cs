using System.Text.Json;
using Gfxbake.Formats.Text;
using Gfxbake.Recipes.Shared;

namespace Gfxbake.Pipeline.Bench;

/// <summary>One row of llama-bench's output (--output jsonl), read by its keys: builds differ in which and in what order.</summary>
/// <param name="Prompt">Tokens read at a time; 0 in a row about writing.</param>
/// <param name="Generate">Tokens written; 0 in a row about reading.</param>
/// <param name="Depth">Tokens that were there before.</param>
/// <param name="Samples">Tokens a second.</param>
/// <param name="Settings">The keys that bench.yml names as settings.</param>
/// <param name="Versions">The keys that it names as versions.</param>
public sealed record LlamaBenchRow(
    long Prompt,
    long Generate,
    long Depth,
    IReadOnlyList<double> Samples,
    IReadOnlyDictionary<string, string> Settings,
    IReadOnlyDictionary<string, string> Versions
)
{
    private const int LongestLine = 1 << 16;
    private const int MostSamples = 1000;
    private const int LongestValue = 200;
    private const double MostRate = 1e12;

    private const string PromptKey = "n_prompt";
    private const string GenerateKey = "n_gen";
    private const string DepthKey = "n_depth";
    private const string SamplesKey = "samples_ts";

    /// <summary>Of its curve: pp512 or tg128, as llama-bench itself calls them.</summary>
    public string Series => Prompt > 0 ? $"pp{Prompt}" : $"tg{Generate}";

    /// <exception cref="BenchException">The line is no row, or a needed key is missing or wrong.</exception>
    public static LlamaBenchRow Read(string line, BenchFacts facts)
    {
        if (line.Length > LongestLine)
            throw new BenchException($"llama-bench: a row is longer than {LongestLine} characters");
        try
        {
            using var json = JsonDocument.Parse(line);
            if (json.RootElement.ValueKind != JsonValueKind.Object)
                throw Wrong("a row is no JSON object", line);
            var row = json.RootElement;
            return new LlamaBenchRow(
                Number(row, PromptKey, line),
                Number(row, GenerateKey, line),
                Number(row, DepthKey, line),
                Rates(row, line),
                Texts(row, facts.Settings),
                Texts(row, facts.Versions)
            );
        }
        catch (JsonException)
        {
            throw Wrong("a row is no JSON", line);
        }
    }

    private static long Number(JsonElement row, string key, string line) =>
        row.TryGetProperty(key, out var value)
        && value.ValueKind == JsonValueKind.Number
        && value.TryGetInt64(out var number)
        && number >= 0
            ? number
            : throw Wrong($"a row has no number {key}", line);

    private static List<double> Rates(JsonElement row, string line)
    {
        if (!row.TryGetProperty(SamplesKey, out var list) || list.ValueKind != JsonValueKind.Array)
            throw Wrong($"a row has no list {SamplesKey}", line);
        if (list.GetArrayLength() is 0 or > MostSamples)
            throw Wrong($"{SamplesKey} has {list.GetArrayLength()} samples; 1 to {MostSamples} are possible", line);
        return
        [
            .. list.EnumerateArray()
                .Select(s =>
                    s.ValueKind == JsonValueKind.Number
                    && s.TryGetDouble(out var rate)
                    && double.IsFinite(rate)
                    && rate is > 0 and <= MostRate
                        ? rate
                        : throw Wrong($"{SamplesKey} has a sample that is no positive number", line)
                ),
        ];
    }

    private static Dictionary<string, string> Texts(JsonElement row, IReadOnlyList<string> keys)
    {
        var texts = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var key in keys)
        {
            if (!row.TryGetProperty(key, out var value))
                continue;
            var text = PlainText.Visible(value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText());
            texts[key] = text.Length <= LongestValue ? text : text[..LongestValue] + "…";
        }

        return texts;
    }

    private static BenchException Wrong(string problem, string line) => new($"llama-bench: {problem}: {PlainText.Line(line)}");
}
