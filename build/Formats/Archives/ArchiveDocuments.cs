using System.Text.Json;
using Gfxbake.Formats.Text;

namespace Gfxbake.Formats.Archives;

/// <summary>The small files of an archive, and their JSON read so that no other parser can read it otherwise.</summary>
internal sealed class ArchiveDocuments
{
    private const int MostBytes = 4 << 20,
        MostHeldBytes = 64 << 20;

    // Parsers disagree on which of two equal keys counts.
    private static readonly JsonDocumentOptions Options = new() { AllowDuplicateProperties = false };

    private readonly Dictionary<string, byte[]> files = new(StringComparer.Ordinal);
    private long held;

    public IEnumerable<string> Names => files.Keys;

    public bool Has(string name) => files.ContainsKey(name);

    /// <summary>Whether a file is small enough to be held in memory beside the others.</summary>
    public bool Fits(long length) => length <= MostBytes && held + length <= MostHeldBytes;

    public void Add(string name, byte[] bytes)
    {
        files.Add(name, bytes);
        held += bytes.Length;
    }

    public JsonElement Read(string name)
    {
        if (!files.TryGetValue(name, out var bytes))
            throw new ArchiveFormatException($"{name} is missing, so this is no image as `docker save` writes it");
        if (!System.Text.Unicode.Utf8.IsValid(bytes))
            throw new ArchiveFormatException($"{name} is broken: it is not UTF-8");
        try
        {
            using var json = JsonDocument.Parse(bytes, Options);
            return json.RootElement.Clone();
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            throw new ArchiveFormatException($"{name} is broken: {error.Message}");
        }
    }

    /// <summary>The values of an object, by keys in the very letters that engines write.</summary>
    /// <exception cref="ArchiveFormatException">It is no object, or an engine could take another value.</exception>
    public static Dictionary<string, JsonElement> Values(JsonElement value, string name)
    {
        if (value.ValueKind != JsonValueKind.Object)
            throw new ArchiveFormatException($"{name} is broken: {value.ValueKind} where an object should be");
        var values = new Dictionary<string, JsonElement>(StringComparer.OrdinalIgnoreCase);
        foreach (var property in value.EnumerateObject())
        {
            if (!System.Text.Ascii.IsValid(property.Name) || !values.TryAdd(property.Name, property.Value))
                throw new ArchiveFormatException($"{name} has two keys that an engine may take for '{PlainText.Visible(property.Name)}'");
        }

        return new(values, StringComparer.Ordinal);
    }

    /// <summary>A list of texts; none when it is left out or null.</summary>
    public static IReadOnlyList<string>? Texts(Dictionary<string, JsonElement> values, string key, string name) =>
        values.GetValueOrDefault(key) switch
        {
            { ValueKind: JsonValueKind.Array } list => [.. list.EnumerateArray().Select(t => Text(t, key, name) ?? throw Odd(name, key))],
            { ValueKind: JsonValueKind.Undefined or JsonValueKind.Null } => null,
            _ => throw Odd(name, key),
        };

    public static string? Text(Dictionary<string, JsonElement> values, string key, string name) =>
        Text(values.GetValueOrDefault(key), key, name);

    private static string? Text(JsonElement value, string key, string name) =>
        value switch
        {
            { ValueKind: JsonValueKind.String } text => Unicode(text.GetString, name),
            { ValueKind: JsonValueKind.Undefined or JsonValueKind.Null } => null,
            _ => throw Odd(name, key),
        };

    /// <summary>The objects of a list.</summary>
    public static IEnumerable<Dictionary<string, JsonElement>> Objects(Dictionary<string, JsonElement> values, string key, string name) =>
        values.GetValueOrDefault(key) is { ValueKind: JsonValueKind.Array } list
            ? list.EnumerateArray().Select(e => Values(e, name))
            : throw Odd(name, key);

    // The parser looks for half characters only when a text is asked for.
    private static string Unicode(Func<string?> text, string name)
    {
        try
        {
            return text()!;
        }
        catch (InvalidOperationException error)
        {
            throw new ArchiveFormatException($"{name} is broken: {error.Message}");
        }
    }

    private static ArchiveFormatException Odd(string name, string key) => new($"{name} is broken: '{key}' has another form");
}
