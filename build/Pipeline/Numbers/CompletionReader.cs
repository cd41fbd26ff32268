using System.Text.Json;
using Gfxbake.Formats.Text;

namespace Gfxbake.Pipeline.Numbers;

/// <summary>
/// Reads the log probabilities that llama-server's POST /completion gives for n_probs, as its README describes them:
/// completion_probabilities[], each with id, logprob and top_logprobs[] of id, token, logprob.
/// </summary>
public static class CompletionReader
{
    private const int LongestText = 64;

    /// <summary>
    /// What is less probable than this counts as this: a float keeps its full precision down to here, and the server writes a
    /// probability of 0 as the lowest float that there is.
    /// </summary>
    private static readonly double Lowest = Math.Log(1.17549435e-38);

    /// <summary>A logarithm of a probability is not above 0; what a float rounds is.</summary>
    private const double Highest = 0.001;

    /// <exception cref="CompletionFormatException">The answer has no log probabilities, or some that can't be.</exception>
    public static IReadOnlyList<TokenPosition> Read(string body) => AnswerJson.Read(body, Read);

    private static List<TokenPosition> Read(JsonElement answer)
    {
        if (answer.ValueKind != JsonValueKind.Object || !answer.TryGetProperty("completion_probabilities", out var list))
            throw new CompletionFormatException("has no 'completion_probabilities'");
        if (list.ValueKind != JsonValueKind.Array || list.GetArrayLength() == 0)
            throw new CompletionFormatException("has no list of positions in 'completion_probabilities'");
        return [.. list.EnumerateArray().Select((item, i) => ReadPosition(item, $"position {i + 1}"))];
    }

    private static TokenPosition ReadPosition(JsonElement item, string where)
    {
        var chosen = ReadToken(item, where);
        if (!item.TryGetProperty("top_logprobs", out var list) || list.ValueKind != JsonValueKind.Array)
            throw new CompletionFormatException($"has no list 'top_logprobs' at {where}");
        var tokens = new Dictionary<int, TokenNumber>();
        foreach (var entry in list.EnumerateArray())
        {
            var token = ReadToken(entry, $"{where}, entry {tokens.Count + 1}");
            if (!tokens.TryAdd(token.Id, token))
                throw new CompletionFormatException($"lists token {token.Id} twice at {where}");
        }

        var listed = tokens.Count;
        // Where it is not among the most probable ones it stands only here.
        tokens.TryAdd(chosen.Id, chosen);
        return new TokenPosition(chosen.Id, listed, tokens);
    }

    private static TokenNumber ReadToken(JsonElement entry, string where)
    {
        if (entry.ValueKind != JsonValueKind.Object)
            throw new CompletionFormatException($"has no object at {where}");
        if (!IsNumber(entry, "id", out var id) || !id.TryGetInt32(out var number) || number < 0)
            throw new CompletionFormatException($"has no token number 'id' at {where}");
        if (!entry.TryGetProperty("token", out var text) || text.ValueKind != JsonValueKind.String)
            throw new CompletionFormatException($"has no text 'token' at {where}");
        if (!IsNumber(entry, "logprob", out var value) || !value.TryGetDouble(out var logarithm) || !double.IsFinite(logarithm))
            throw new CompletionFormatException($"has no finite number 'logprob' for token {number} at {where}: {Raw(entry)}");

        return logarithm <= Highest
            ? new TokenNumber(number, Cut(text.GetString()!), Math.Max(logarithm, Lowest))
            : throw new CompletionFormatException($"has a logarithm above 0 for token {number} at {where}: {Raw(entry)}");
    }

    private static bool IsNumber(JsonElement entry, string name, out JsonElement value) =>
        entry.TryGetProperty(name, out value) && value.ValueKind == JsonValueKind.Number;

    private static string Raw(JsonElement entry) =>
        !entry.TryGetProperty("logprob", out var value) ? "there is none, as of an older server or with post_sampling_probs"
        : value.ValueKind == JsonValueKind.Null ? "null, which stands for a NaN or an infinity"
        : PlainText.Visible(Cut(value.GetRawText()));

    private static string Cut(string text) =>
        text.Length <= LongestText ? text : text[..(char.IsHighSurrogate(text[LongestText - 1]) ? LongestText - 1 : LongestText)] + "…";
}
