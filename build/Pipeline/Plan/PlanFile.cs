using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Gfxbake.Formats.Offload;
using Gfxbake.Formats.Tar;
using Gfxbake.Recipes.Model;

namespace Gfxbake.Pipeline.Plan;

/// <summary>What plan.json holds, in its order.</summary>
internal sealed record PlanFile(
    int Format,
    IReadOnlyList<string> CodeTargets,
    OffloadForm Offload,
    PlanTotals Totals,
    IReadOnlyList<KeepRule> KeepRules,
    IReadOnlyList<string> Problems,
    IReadOnlyList<string> NotInImage,
    IReadOnlyList<PlanLine> Entries
)
{
    public const int CurrentFormat = 2;

    public static JsonSerializerOptions Options { get; } =
        new(JsonSerializerDefaults.Web)
        {
            UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
            RespectNullableAnnotations = true,
            RespectRequiredConstructorParameters = true,
            Converters = { new JsonStringEnumConverter(namingPolicy: null, allowIntegerValues: false) },
            // Names stay readable; the file is never put into HTML.
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        };
}

/// <summary>
/// An entry of plan.json. It leaves out kind "File", size 0 and an absent link; a cause is its reason, a space and its By.
/// </summary>
internal sealed record PlanLine
{
    public required string Path { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public EntryKind Kind { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public long Size { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Link { get; init; }

    public required PlanAction Action { get; init; }

    public required IReadOnlyList<string> Causes { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public PlanOffload? Offload { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public PlanStandIn? StandIn { get; init; }

    public static PlanLine Of(PlanEntry entry) =>
        new()
        {
            Path = entry.Path,
            Kind = entry.Kind,
            Size = entry.Size,
            Link = entry.LinkTarget,
            Action = entry.Action,
            Causes = [.. entry.Causes.Select(c => c.By is null ? c.Reason.ToString() : $"{c.Reason} {c.By}")],
            Offload = entry.Offload,
            StandIn = entry.StandIn,
        };
}
