using Gfxbake.Formats.Images;
using Gfxbake.Formats.Tar;
using Gfxbake.Pipeline.Full;
using Gfxbake.Pipeline.Minimal;
using Gfxbake.Pipeline.Plan;
using Gfxbake.Pipeline.Verify;
using Gfxbake.Recipes.Model;

namespace Gfxbake.Pipeline.Outputs.Report;

/// <summary>Everything that report.html and sizes.svg show of one build.</summary>
public sealed record ReportData
{
    public required ReportHeading Heading { get; init; }

    public required IReadOnlyList<string> CodeTargets { get; init; }

    /// <summary>Version of the packaged program.</summary>
    public required string Version { get; init; }

    /// <summary>Whether VerifyMinimal passed on this image.</summary>
    public required bool Verified { get; init; }

    public required ImageStatistics Full { get; init; }

    public required ImageStatistics Minimal { get; init; }

    public required IReadOnlyList<LayerRecord> Layers { get; init; }

    public required IReadOnlyList<KeepRule> KeepRules { get; init; }

    /// <summary>Every path of the plan, in its order.</summary>
    public required IReadOnlyList<ReportPath> Paths { get; init; }

    /// <summary>Earlier builds and this one, oldest first.</summary>
    public required IReadOnlyList<ReportHistoryRow> History { get; init; }

    /// <summary>Answers of servers that were compared number by number, in the order of the workloads.</summary>
    public required IReadOnlyList<ReportNumbers> Numbers { get; init; }

    /// <summary>The same of all variants of the recipe, side by side.</summary>
    public NumberSheet Beside { get; init; } = new();

    /// <summary>What is known of running it: this machine's fitness, models' memory, measurements.</summary>
    public ReportRunning Running { get; init; } = new();

    /// <summary>The ways in which the variant was built and proven, the largest first.</summary>
    public IReadOnlyList<ProvenForm> Forms { get; init; } = [];

    /// <summary>
    /// Bytes that kept files lost: code for other GPUs, and what compressing the rest saved. Below zero where unpacked code takes more.
    /// </summary>
    public long TakenOut => Paths.Where(p => p.Entry.IsKept && p.Entry.StandIn is null).Sum(p => p.Size - p.After);

    /// <summary>Bytes of libraries that have stand-ins, less those of the stand-ins.</summary>
    public long Replaced => Paths.Where(p => p.Entry.StandIn is not null).Sum(p => p.Size - p.After);

    /// <summary>Bytes of the files that are dropped.</summary>
    public long Dropped => Paths.Where(p => !p.Entry.IsKept).Sum(p => p.Size);

    /// <summary>Joins a plan with what was built from it.</summary>
    /// <param name="plan">The plan that minimal.json was built from.</param>
    /// <param name="full">The image that was planned for.</param>
    /// <param name="minimal">The image that was built.</param>
    /// <param name="ownerOf">Package of a path, as PackageDatabase.OwnerOf says it.</param>
    /// <param name="heading">What the records do not say.</param>
    /// <param name="history">Earlier builds and this one, oldest first.</param>
    /// <param name="numbers">Answers that were compared number by number.</param>
    public static ReportData Of(
        PrunePlan plan,
        FullRecord full,
        MinimalRecord minimal,
        Func<string, string?> ownerOf,
        ReportHeading heading,
        IReadOnlyList<ReportHistoryRow> history,
        IReadOnlyList<ReportNumbers> numbers
    )
    {
        var slimmed = minimal.Slimmed.ToDictionary(f => f.Path, f => f.After, StringComparer.Ordinal);
        return new ReportData
        {
            Heading = heading,
            CodeTargets = plan.CodeTargets,
            Version = full.Version,
            Verified = minimal.Verified,
            Full = full.Size.Content,
            Minimal = minimal.Size.Content,
            Layers = minimal.Layers,
            KeepRules = plan.KeepRules,
            Paths = [.. plan.Entries.Select(e => new ReportPath(e, After(e), ownerOf(e.Path)))],
            History = history,
            Numbers = numbers,
        };

        long After(PlanEntry entry) =>
            entry is { IsKept: true, Kind: EntryKind.File } ? slimmed.GetValueOrDefault(entry.Path, entry.PlannedSize) : 0;
    }
}

/// <summary>What a build is called.</summary>
/// <param name="Recipe">Name of the recipe.</param>
/// <param name="Variant">Name of its variant.</param>
/// <param name="Revision">Commit of the repository; null outside of git.</param>
public sealed record ReportHeading(string Recipe, string Variant, string? Revision);

/// <summary>One path of the plan.</summary>
/// <param name="Entry">What the plan says.</param>
/// <param name="After">Bytes in the minimal image, after slimming.</param>
/// <param name="Package">The package that owns it, or null.</param>
public sealed record ReportPath(PlanEntry Entry, long After, string? Package)
{
    /// <summary>Bytes in the full image; content with several names counts once.</summary>
    public long Size => Entry.Kind == EntryKind.File ? Entry.Size : 0;
}

/// <summary>Sizes of one build.</summary>
/// <param name="Date">As it was recorded, year first.</param>
/// <param name="Revision">Commit of the repository.</param>
/// <param name="Version">Version of the packaged program.</param>
/// <param name="Full">Bytes of the full image.</param>
/// <param name="Minimal">Bytes of the minimal image.</param>
/// <param name="Packed">Bytes of the minimal image's compressed export; null when none was made.</param>
public sealed record ReportHistoryRow(string Date, string Revision, string Version, long Full, long Minimal, long? Packed);
