using System.Text.Json;
using Gfxbake.Formats.Images;
using Gfxbake.Formats.Text;
using Gfxbake.Pipeline.Numbers;
using Gfxbake.Pipeline.Plan;
using Gfxbake.Recipes.Model;

namespace Gfxbake.Pipeline.Outputs.Report;

/// <summary>The data block of report.html: a column per property and names in tables, since most of 7,000 paths share them.</summary>
/// <remarks>
/// The writer's default encoder leaves only plain ASCII, and of that no angle bracket or ampersand: no name can end the script element.
/// A "by" from 0 is the number of a path, one below 0 the text number -1 - by.
/// </remarks>
internal sealed class ReportJson
{
    private const int MostPending = 1 << 16;

    private readonly ReportData data;
    private readonly Dictionary<string, int> paths = new(StringComparer.Ordinal);
    private readonly NameTable folders = new();
    private readonly NameTable packages = new();
    private readonly NameTable texts = new();

    private ReportJson(ReportData data)
    {
        this.data = data;
        foreach (var path in data.Paths)
            paths.Add(path.Entry.Path, paths.Count);
    }

    public static void Write(ReportData data, Stream output)
    {
        using var json = new Utf8JsonWriter(output);
        new ReportJson(data).Write(json);
    }

    private void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("recipe", data.Heading.Recipe);
        json.WriteString("variant", data.Heading.Variant);
        json.WriteString("revision", data.Heading.Revision);
        json.WriteString("version", data.Version);
        Texts(json, "codeTargets", data.CodeTargets);
        json.WriteBoolean("verified", data.Verified);
        Totals(json, "full", data.Full);
        Totals(json, "minimal", data.Minimal);
        json.WriteNumber("takenOut", data.TakenOut);
        json.WriteNumber("replaced", data.Replaced);
        json.WriteNumber("dropped", data.Dropped);
        Reasons(json);
        Texts(json, "kinds", ["", "folder", "link", "hard link", "device", "device", "pipe"]);
        Texts(json, "actions", ["kept", "dropped", "slimmed", "stand-in", "answering stand-in"]);
        Paths(json);
        Texts(json, "folders", folders.Names);
        Texts(json, "packages", packages.Names);
        Texts(json, "texts", texts.Names);
        Rules(json);
        History(json);
        Numbers(json);
        json.WritePropertyName("beside");
        data.Beside.Write(json);
        json.WritePropertyName("running");
        data.Running.Write(json);
        json.WriteEndObject();
    }

    private void Paths(Utf8JsonWriter json)
    {
        json.WriteStartObject("paths");
        Column("folder", p => json.WriteNumberValue(folders.Add(p.Entry.Path[..Split(p.Entry.Path)])));
        Column("name", p => json.WriteStringValue(p.Entry.Path[Split(p.Entry.Path)..]));
        Column("kind", p => json.WriteNumberValue((int)p.Entry.Kind));
        Column("size", p => json.WriteNumberValue(p.Size));
        Column("after", p => json.WriteNumberValue(p.After));
        Column("action", p => json.WriteNumberValue(Action(p.Entry)));
        Column("package", p => json.WriteNumberValue(p.Package is { } package ? packages.Add(package) : -1));
        Column("reason", p => json.WriteNumberValue((int)p.Entry.Causes[0].Reason));
        Column("by", p => json.WriteNumberValue(By(p.Entry.Causes[0])));
        json.WriteEndObject();
        Further(
            json,
            "also",
            p => p.Entry.Causes.Count > 1,
            p =>
            {
                json.WriteStartArray();
                foreach (var cause in p.Entry.Causes.Skip(1))
                {
                    json.WriteNumberValue((int)cause.Reason);
                    json.WriteNumberValue(By(cause));
                }

                json.WriteEndArray();
            }
        );
        Further(json, "standIns", p => p.Entry.StandIn is not null, p => json.WriteStringValue(Text(p.Entry.StandIn!)));
        Further(json, "links", p => p.Entry.LinkTarget is not null, p => json.WriteStringValue(p.Entry.LinkTarget));

        void Column(string name, Action<ReportPath> write)
        {
            json.WriteStartArray(name);
            foreach (var path in data.Paths)
            {
                write(path);
                if (json.BytesPending > MostPending)
                    json.Flush();
            }

            json.WriteEndArray();
        }
    }

    // What few paths have stands by their numbers.
    private void Further(Utf8JsonWriter json, string name, Func<ReportPath, bool> has, Action<ReportPath> write)
    {
        json.WriteStartObject(name);
        for (var i = 0; i < data.Paths.Count; i++)
        {
            if (has(data.Paths[i]))
            {
                json.WritePropertyName(SizeText.Plain(i));
                write(data.Paths[i]);
            }
        }

        json.WriteEndObject();
    }

    // The page has a colour for each of the two kinds of stand-ins.
    private static int Action(PlanEntry entry) => (int)entry.Action + (entry.StandIn is { Answers: not null } ? 1 : 0);

    private static string Text(PlanStandIn standIn) =>
        $"a stand-in of {SizeText.Of(standIn.Size)} with {standIn.Content} " + $"(rule {standIn.Rule}): {standIn.Why}";

    private int By(Cause cause) =>
        cause.By is { } by && CauseText.LeadsOn(cause.Reason) && paths.TryGetValue(by, out var number)
            ? number
            : -1 - texts.Add(cause.By ?? "");

    // The root has no folder and keeps its slash.
    private static int Split(string path) => path == "/" ? 0 : path.LastIndexOf('/') + 1;

    private static void Reasons(Utf8JsonWriter json)
    {
        json.WriteStartArray("groups");
        foreach (var group in ReasonGroup.All)
            Texts(json, null, [group.Key, group.Letter, group.Label]);

        json.WriteEndArray();
        json.WriteStartArray("reasons");
        foreach (var reason in Enum.GetValues<Reason>())
            Texts(json, null, [CauseText.Phrase(reason), ReasonGroup.Of(reason).Key]);

        json.WriteEndArray();
    }

    private void Rules(Utf8JsonWriter json)
    {
        json.WriteStartArray("rules");
        foreach (var rule in data.KeepRules)
            Texts(json, null, [rule.Path, rule.Why]);

        json.WriteEndArray();
    }

    private void History(Utf8JsonWriter json)
    {
        json.WriteStartArray("history");
        foreach (var row in data.History)
        {
            json.WriteStartObject();
            json.WriteString("date", row.Date);
            json.WriteString("revision", row.Revision);
            json.WriteString("version", row.Version);
            json.WriteNumber("full", row.Full);
            json.WriteNumber("minimal", row.Minimal);
            if (row.Packed is { } packed)
                json.WriteNumber("packed", packed);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private void Numbers(Utf8JsonWriter json)
    {
        json.WriteStartArray("numbers");
        foreach (var (workload, found) in data.Numbers)
        {
            json.WriteStartObject();
            json.WriteString("workload", workload);
            json.WriteString("request", found.Request);
            json.WriteString("against", found.Against);
            json.WriteBoolean("vector", found.Kind == NumberKind.Embeddings);
            json.WriteNumber("positions", found.Positions);
            json.WriteNumber("positionsCompared", found.PositionsCompared);
            json.WriteNumber("compared", found.Compared);
            json.WriteNumber("least", found.Least);
            json.WriteNumber("largest", found.Largest);
            json.WriteNumber("limit", found.Limit);
            if (found.Divergence is { } divergence)
                json.WriteNumber("divergence", divergence);
            if (found.Place is { } place)
            {
                json.WriteNumber("position", place.Position);
                json.WritePropertyName("token");
                Token(json, place.Token);
            }

            json.WriteStartArray("first");
            foreach (var token in found.First)
                Token(json, token);

            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void Token(Utf8JsonWriter json, TokenPair token)
    {
        json.WriteStartObject();
        json.WriteNumber("id", token.Id);
        json.WriteString("text", token.Text);
        json.WriteNumber("reference", token.Reference);
        if (token.Measured is { } measured)
            json.WriteNumber("measured", measured);
        json.WriteEndObject();
    }

    private static void Totals(Utf8JsonWriter json, string name, ImageStatistics totals)
    {
        json.WriteStartObject(name);
        json.WriteNumber("bytes", totals.FileBytes);
        json.WriteNumber("files", totals.Files);
        json.WriteEndObject();
    }

    private static void Texts(Utf8JsonWriter json, string? name, IReadOnlyList<string> texts)
    {
        if (name is null)
            json.WriteStartArray();
        else
            json.WriteStartArray(name);
        foreach (var text in texts)
            json.WriteStringValue(text);

        json.WriteEndArray();
    }
}
