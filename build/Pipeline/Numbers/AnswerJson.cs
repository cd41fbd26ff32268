using System.Text.Json;
using Gfxbake.Formats.Text;

namespace Gfxbake.Pipeline.Numbers;

/// <summary>An answer as JSON; whatever it is, it is read or refused in a sentence.</summary>
public static class AnswerJson
{
    /// <summary>Longer answers are not read: a token takes about 100 bytes, a value 20.</summary>
    public const int MostBytes = 4 << 20;

    private static readonly JsonDocumentOptions Shallow = new() { MaxDepth = 16 };

    /// <exception cref="CompletionFormatException">It is none, or not such as is wanted.</exception>
    internal static IReadOnlyList<TokenPosition> Read(string body, Func<JsonElement, IReadOnlyList<TokenPosition>> read)
    {
        // No JSON text has such a line: of an answer that was too long only the digest was kept.
        if (body.Length > MostBytes || body.Contains("\nsha256:", StringComparison.Ordinal))
            throw new CompletionFormatException("is longer than 4 MiB, or binary; ask for fewer 'n_probs' or 'n_predict'");
        try
        {
            using var json = JsonDocument.Parse(body, Shallow);
            return read(json.RootElement);
        }
        catch (JsonException exception)
        {
            throw new CompletionFormatException($"is no JSON: {Words(exception)}");
        }
        // Halves of surrogate pairs are found only when a text is read.
        catch (InvalidOperationException exception)
        {
            throw new CompletionFormatException($"has a text that is none: {Words(exception)}");
        }
    }

    // The library repeats what it could not read.
    private static string Words(Exception exception) => PlainText.Line(PlainText.Visible(exception.Message));
}
