using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Gfxbake.Formats.Tar;
using Gfxbake.Recipes.Model;

namespace Gfxbake.Pipeline.Plan;

/// <summary>Writes plan.json: an entry a line in ordinal order, so that two plans can be diffed.</summary>
/// <remarks>An entry leaves out kind "File", size 0 and an absent link; a cause is its reason, a space and its By.</remarks>
public static class PrunePlanWriter
{
    internal const int Format = 2;

    // Names stay readable; the file is never put into HTML.
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static readonly JsonSerializerOptions Nested = new(JsonSerializerDefaults.Web);

    public static void Write(PrunePlan plan, Stream output)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(buffer, Options);
        Line($"{{\n\"format\":{Format},");
        Line("\"codeTargets\":[", newLine: false);
        Items(plan.CodeTargets, (w, target) => w.WriteStringValue(target), ",", "");
        Line($"],\n\"offload\":\"{plan.Offload}\",");
        Line("\"totals\":", newLine: false);
        Items([plan.Totals], WriteTotals, "", "");
        Line(",");
        List("keepRules", plan.KeepRules, WriteRule, ",");
        List("problems", plan.Problems, (w, text) => w.WriteStringValue(text), ",");
        List("notInImage", plan.NotInImage, (w, text) => w.WriteStringValue(text), ",");
        List("entries", plan.Entries, WriteEntry, "");
        Line("}");

        void List<T>(string name, IReadOnlyList<T> items, Action<Utf8JsonWriter, T> write, string after)
        {
            Line($"\"{name}\":[", newLine: false);
            Items(items, write, ",\n", "\n");
            Line($"]{after}");
        }

        void Items<T>(IReadOnlyList<T> items, Action<Utf8JsonWriter, T> write, string between, string around)
        {
            for (var i = 0; i < items.Count; i++)
            {
                Line(i == 0 ? around : between, newLine: false);
                buffer.ResetWrittenCount();
                json.Reset();
                write(json, items[i]);
                json.Flush();
                output.Write(buffer.WrittenSpan);
            }

            Line(items.Count == 0 ? "" : around, newLine: false);
        }

        void Line(string text, bool newLine = true) => output.Write(System.Text.Encoding.UTF8.GetBytes(newLine ? text + "\n" : text));
    }

    private static void WriteTotals(Utf8JsonWriter json, PlanTotals totals)
    {
        json.WriteStartObject();
        json.WriteNumber("keptFiles", totals.KeptFiles);
        json.WriteNumber("keptBytes", totals.KeptBytes);
        json.WriteNumber("keptLinks", totals.KeptLinks);
        json.WriteNumber("keptDirectories", totals.KeptDirectories);
        json.WriteNumber("droppedFiles", totals.DroppedFiles);
        json.WriteNumber("droppedBytes", totals.DroppedBytes);
        json.WriteEndObject();
    }

    private static void WriteRule(Utf8JsonWriter json, KeepRule rule)
    {
        json.WriteStartObject();
        json.WriteString("path", rule.Path);
        json.WriteString("why", rule.Why);
        json.WriteEndObject();
    }

    private static void WriteEntry(Utf8JsonWriter json, PlanEntry entry)
    {
        json.WriteStartObject();
        json.WriteString("path", entry.Path);
        if (entry.Kind != EntryKind.File)
            json.WriteString("kind", entry.Kind.ToString());

        if (entry.Size != 0)
            json.WriteNumber("size", entry.Size);

        if (entry.LinkTarget is { } link)
            json.WriteString("link", link);

        json.WriteString("action", entry.Action.ToString());
        json.WriteStartArray("causes");
        foreach (var (reason, by) in entry.Causes)
            json.WriteStringValue(by is null ? reason.ToString() : $"{reason} {by}");

        json.WriteEndArray();
        if (entry.Offload is { } offload)
        {
            json.WritePropertyName("offload");
            JsonSerializer.Serialize(json, offload, Nested);
        }

        json.WriteEndObject();
    }
}
