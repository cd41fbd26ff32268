using System.Text.Json.Serialization;
using Gfxbake.Formats.Offload;

namespace Gfxbake.Pipeline.Plan;

/// <summary>The GPU code inside a file: what it holds and what of it stays. Sizes are of unpacked code objects, in bytes.</summary>
public sealed record PlanOffload
{
    /// <summary>What the file has code for, such as gfx1100 or gfx90a:xnack-.</summary>
    public required IReadOnlyList<string> Targets { get; init; }

    /// <summary>Whether the file is GPU code and nothing else.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool Loose { get; init; }

    /// <summary>Number of code objects.</summary>
    public int Objects { get; init; }

    public int KeptObjects { get; init; }

    public long Bytes { get; init; }

    public long KeptBytes { get; init; }

    /// <summary>Why the file stays whole although there is code for other GPUs in it; null when it is rewritten.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Refused { get; init; }

    /// <summary>Why the wish for a form could not be met; null when it was.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Note { get; init; }

    internal static PlanOffload Of(OffloadRewrite rewrite) =>
        new()
        {
            Targets = rewrite.Source.Targets,
            Objects = rewrite.Objects.Before,
            KeptObjects = rewrite.Objects.After,
            Bytes = rewrite.Bytes.Before,
            KeptBytes = rewrite.Bytes.After,
            Note = rewrite.Note,
        };

    internal static PlanOffload Of(LooseRewrite rewrite)
    {
        var kept = rewrite.Bundle.Kept.Where(e => e.Size > 0).ToList();
        return Whole([rewrite.Source.Bundle], "") with
        {
            Loose = true,
            KeptObjects = kept.Count,
            KeptBytes = kept.Sum(e => e.Size),
            Refused = null,
        };
    }

    internal static PlanOffload Whole(IReadOnlyList<OffloadBundle> bundles, string why)
    {
        var objects = bundles.SelectMany(b => b.Entries).Where(e => e.Size > 0).ToList();
        var bytes = objects.Sum(e => e.Size);
        return new PlanOffload
        {
            Targets = FatBinary.TargetsOf(bundles),
            Objects = objects.Count,
            KeptObjects = objects.Count,
            Bytes = bytes,
            KeptBytes = bytes,
            Refused = why,
        };
    }
}
