using System.Text.Json;

namespace Gfxbake.Pipeline.Outputs.Sbom;

/// <summary>What both formats share in writing JSON. The default encoder is kept: documents are shown in web pages.</summary>
internal static class SbomJson
{
    private const int FlushBytes = 1 << 16;

    public static JsonWriterOptions Options { get; } = new() { Indented = true, NewLine = "\n" };

    public static void Strings(this Utf8JsonWriter json, string name, IEnumerable<string> values)
    {
        json.WriteStartArray(name);
        foreach (var value in values)
            json.WriteStringValue(value);

        json.WriteEndArray();
    }

    /// <summary>Writes a list and hands on what has gathered, so that a document of any size needs little memory.</summary>
    public static void List<T>(this Utf8JsonWriter json, string name, IEnumerable<T> items, Action<T> write, Action? first = null)
    {
        json.WriteStartArray(name);
        first?.Invoke();
        foreach (var item in items)
        {
            write(item);
            if (json.BytesPending > FlushBytes)
                json.Flush();
        }

        json.WriteEndArray();
    }
}
