using System.Text.Json;

namespace Gfxbake.Pipeline.Numbers;

/// <summary>
/// Reads the vectors that llama-server's POST /v1/embeddings gives as OpenAI's API describes them: data[], each with a list of numbers
/// 'embedding'. A text is a position, a value's place in the vector its number.
/// </summary>
public static class EmbeddingReader
{
    /// <exception cref="CompletionFormatException">The answer has no vectors, or some that can't be.</exception>
    public static IReadOnlyList<TokenPosition> Read(string body) => AnswerJson.Read(body, Read);

    private static List<TokenPosition> Read(JsonElement answer)
    {
        if (answer.ValueKind != JsonValueKind.Object || !answer.TryGetProperty("data", out var list))
            throw new CompletionFormatException("has no 'data'");
        if (list.ValueKind != JsonValueKind.Array || list.GetArrayLength() == 0)
            throw new CompletionFormatException("has no list of texts in 'data'");
        return [.. list.EnumerateArray().Select((item, i) => ReadText(item, i + 1))];
    }

    private static TokenPosition ReadText(JsonElement item, int text)
    {
        var found = item.ValueKind == JsonValueKind.Object && item.TryGetProperty("embedding", out var list) ? list : default;
        if (found.ValueKind != JsonValueKind.Array || found.GetArrayLength() == 0)
            throw new CompletionFormatException($"has no list 'embedding' for text {text}");
        var values = new Dictionary<int, TokenNumber>();
        foreach (var (i, entry) in found.EnumerateArray().Index())
        {
            // A NaN or an infinity is null in JSON.
            if (entry.ValueKind != JsonValueKind.Number || !entry.TryGetDouble(out var value) || !double.IsFinite(value))
                throw new CompletionFormatException($"has no finite number as value {i} of text {text}");
            values.Add(i, new TokenNumber(i, "", value));
        }

        // A vector of zeros is what a device gives that computes nothing: all distances to it are small.
        return values.Values.Any(v => v.LogProbability != 0)
            ? new TokenPosition(0, values.Count, values)
            : throw new CompletionFormatException($"has only zeros for text {text}");
    }
}
