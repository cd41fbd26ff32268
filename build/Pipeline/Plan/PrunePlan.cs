using Gfxbake.Formats.Offload;
using Gfxbake.Formats.Tar;
using Gfxbake.Recipes.Model;

namespace Gfxbake.Pipeline.Plan;

/// <summary>Which paths of an image stay and which go, each with its reasons.</summary>
public sealed record PrunePlan
{
    public required IReadOnlyList<string> CodeTargets { get; init; }

    /// <summary>How the code that stays inside libraries is stored.</summary>
    public OffloadForm Offload { get; init; } = OffloadForm.Slim;

    public IReadOnlyList<KeepRule> KeepRules { get; init; } = [];

    /// <summary>What makes the plan doubtful: what, where, what next. A build should fail on them.</summary>
    public IReadOnlyList<string> Problems { get; init; } = [];

    /// <summary>Paths that a workload found though the image lacks them: made during the run, or mounted.</summary>
    public IReadOnlyList<string> NotInImage { get; init; } = [];

    /// <summary>Every path of the image in ordinal order.</summary>
    public required IReadOnlyList<PlanEntry> Entries { get; init; }

    public PlanTotals Totals => PlanTotals.Of(Entries);
}

/// <summary>Sums over a plan. A hard link counts as a file of no size of its own.</summary>
public sealed record PlanTotals(int KeptFiles, long KeptBytes, int KeptLinks, int KeptDirectories, int DroppedFiles, long DroppedBytes)
{
    public static PlanTotals Of(IEnumerable<PlanEntry> entries)
    {
        var totals = new PlanTotals(0, 0, 0, 0, 0, 0);
        foreach (var entry in entries)
        {
            var bytes = entry.Kind == EntryKind.File ? entry.PlannedSize : 0;
            totals = (entry.IsKept, entry.Kind) switch
            {
                (true, EntryKind.Directory) => totals with { KeptDirectories = totals.KeptDirectories + 1 },
                (true, EntryKind.SymbolicLink) => totals with { KeptLinks = totals.KeptLinks + 1 },
                (true, _) => totals with { KeptFiles = totals.KeptFiles + 1, KeptBytes = totals.KeptBytes + bytes },
                (false, EntryKind.File or EntryKind.HardLink) => totals with
                {
                    DroppedFiles = totals.DroppedFiles + 1,
                    DroppedBytes = totals.DroppedBytes + bytes,
                },
                _ => totals,
            };
            // The rest of a library that has a stand-in goes.
            if (entry is { Kind: EntryKind.File, StandIn: not null })
                totals = totals with { DroppedBytes = totals.DroppedBytes + entry.Size - entry.PlannedSize };
        }

        return totals;
    }
}
