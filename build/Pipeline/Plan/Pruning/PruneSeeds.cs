using Gfxbake.Formats.Strace;
using Gfxbake.Formats.Tar;
using Gfxbake.Formats.Text;
using Gfxbake.Recipes.Model;

namespace Gfxbake.Pipeline.Plan.Pruning;

/// <summary>The roots of a plan: places of mounts, what workloads touched, what the recipe wants kept.</summary>
internal sealed class PruneSeeds(PruneInput input, Exclusions exclusions, KeptPaths kept, StandIns standIns, List<string> problems)
{
    private readonly ListedLinks listedLinks = new(input.Image, input.Traced);
    private readonly SortedSet<string> notInImage = new(StringComparer.Ordinal);
    private readonly List<TracedPath> waiting = [];

    public IReadOnlyCollection<string> NotInImage => notInImage;

    /// <summary>Links that workloads met in a listing, by path; one that is kept for another reason counts too.</summary>
    public Dictionary<string, Cause> Listed { get; } = new(StringComparer.Ordinal);

    public void Plant()
    {
        foreach (var place in exclusions.Places)
            kept.KeepPath(place, new Cause(Reason.MountPoint, null));

        foreach (var path in input.Traced.Where(p => p.Outcome != AccessOutcome.Missing).OrderBy(p => p.Path, StringComparer.Ordinal))
        {
            if (listedLinks.Find(path) is { } link)
                Listed.TryAdd(link.Path, new Cause(Reason.OnlyListed, string.Join(", ", path.Workloads.Order(StringComparer.Ordinal))));
            else if (standIns.Brings(path.Path))
                waiting.Add(path);
            else
                PlantTraced(path);
        }

        foreach (var rule in input.KeepRules)
            PlantRule(rule);
    }

    /// <summary>Paths that only the loader has opened, for a library that has a stand-in.</summary>
    public IEnumerable<string> Waiting => waiting.Select(p => p.Path);

    /// <summary>What was opened for a replaced library, and is kept for another reason by now, was opened for that one too.</summary>
    public bool PlantWaiting()
    {
        var found = waiting.Where(p => kept.Contains(input.Image.Resolve(p.Path).Target!.Path)).ToList();
        waiting.RemoveAll(found.Contains);
        found.ForEach(PlantTraced);
        return found.Count > 0;
    }

    private void PlantTraced(TracedPath traced)
    {
        var cause = new Cause(Reason.Traced, string.Join(", ", traced.Workloads.Order(StringComparer.Ordinal)));
        if (kept.KeepPath(traced.Path, cause).Target is not null)
            return;

        if (input.Image.Resolve(traced.Path, followLast: false).Target is { Kind: EntryKind.SymbolicLink } dangling)
            kept.Keep(dangling, cause);
        else if (traced.Outcome == AccessOutcome.Found)
            PlantPlaceOf(traced.Path, cause);
    }

    // The run made the file, or it was mounted: the directory that received it must be there again.
    private void PlantPlaceOf(string path, Cause cause)
    {
        var parent = path;
        ImageEntry? place = null;
        while (place is null && parent != "/")
        {
            parent = ImagePath.Parent(parent);
            place = input.Image.Resolve(parent).Target;
        }

        if (exclusions.CoversOrIs(path) || (place is not null && exclusions.CoversOrIs(place.Path)))
            return;

        notInImage.Add(path);
        kept.KeepPath(parent, cause);
    }

    private void PlantRule(KeepRule rule)
    {
        var cause = new Cause(Reason.RecipeKeep, rule.Path);
        var glob = PathGlob.Parse(rule.Path);
        var (_, entries) = GlobSearch.Find(input.Image, glob);
        if (entries.Count == 0)
        {
            if (!rule.Optional)
                problems.Add($"the keep rule '{rule.Path}' ({rule.Why}) names nothing in the image: correct the path, or remove the rule");

            return;
        }

        // The way to the place may lead through links, such as /lib -> usr/lib.
        var prefix = glob.HasWildcards ? glob.LiteralPrefix : ImagePath.Parent(rule.Path);
        if (input.Image.Resolve(prefix).Links.Count > 0)
            kept.KeepPath(prefix, cause);

        var count = 0;
        foreach (var entry in entries)
            count += kept.Keep(entry, cause) ? 1 : 0;

        if (count == 0)
        {
            problems.Add(
                $"the keep rule '{rule.Path}' ({rule.Why}) names only what lies below the mount "
                    + $"{exclusions.Covering(entries[0].Path)}: remove the rule, or the mount from the workload"
            );
        }
    }
}
