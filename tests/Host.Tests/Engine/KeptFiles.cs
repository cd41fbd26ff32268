using System.Text.RegularExpressions;
using Gfxbake.Formats.Images;
using Gfxbake.Formats.Offload;
using Gfxbake.Pipeline.Plan;

namespace Gfxbake.Host.Tests.Engine;

/// <summary>What a plan keeps, and what its layers really hold.</summary>
internal sealed partial class KeptFiles
{
    private readonly IReadOnlyDictionary<string, PlanEntry> entries;
    private readonly IReadOnlyList<string> layers;

    private KeptFiles(IReadOnlyDictionary<string, PlanEntry> entries, IReadOnlyList<string> layers) =>
        (this.entries, this.layers) = (entries, layers);

    public static KeptFiles Of(Checkout checkout)
    {
        using var plan = File.OpenRead(checkout.Artifact("plan.json"));
        return new(
            PrunePlanReader.Read(plan).Entries.Where(e => e.IsKept).ToDictionary(e => e.Path),
            [.. Directory.EnumerateFiles(checkout.Artifact("minimal"), "*.tar")]
        );
    }

    /// <summary>Reasons why a path stays; none when it goes.</summary>
    public IReadOnlyList<string> ReasonsFor(string path) =>
        entries.TryGetValue(path, out var entry) ? [.. entry.Causes.Select(c => c.Reason.ToString())] : [];

    /// <summary>Where a kept link leads to, as its text says.</summary>
    public string? LinkAt(string path) => entries.TryGetValue(path, out var entry) ? entry.LinkTarget : null;

    /// <summary>Kept paths that match.</summary>
    public IReadOnlyList<string> Matching(string pattern) =>
        [.. entries.Keys.Where(p => Regex.IsMatch(p, pattern)).Order(StringComparer.Ordinal)];

    /// <summary>Kept files whose names speak of GPUs, but not of this one.</summary>
    public IReadOnlyList<string> NamesOfOtherGpus(string gpu) =>
        [
            .. entries
                .Keys.Select(p => p[(p.LastIndexOf('/') + 1)..])
                .Where(n => Gfx().Match(n) is { Success: true } match && match.Value != gpu),
        ];

    /// <summary>GPUs that a library of the minimal image has code for.</summary>
    public IReadOnlyList<string> CodeIn(string path)
    {
        foreach (var layer in layers)
        {
            using var files = ImageFileSystem.Open(layer);
            if (files.Find(path) is { } entry)
                return [.. OffloadInventory.Of(() => files.OpenFile(entry), default)!.Targets.Select(t => t.Target)];
        }

        return [];
    }

    [GeneratedRegex("gfx[0-9][0-9a-f]+")]
    private static partial Regex Gfx();
}
