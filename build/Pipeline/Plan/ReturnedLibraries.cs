using Gfxbake.Formats.Images;
using Gfxbake.Formats.Packages;
using Gfxbake.Formats.Tar;

namespace Gfxbake.Pipeline.Plan;

/// <summary>
/// What a user can have back of an image whose libraries have stand-ins that answer: these libraries and what went with them. A stand-in
/// whose functions only say so has nobody who calls it, so its library does not come back.
/// </summary>
public static class ReturnedLibraries
{
    /// <summary>The libraries with a stand-in that answers.</summary>
    public static IReadOnlyList<PlanEntry> Of(PrunePlan plan) => [.. plan.Entries.Where(e => e.StandIn is { Answers: not null })];

    /// <summary>The directories that a loader must look into first.</summary>
    public static IReadOnlyList<string> Directories(PrunePlan plan) =>
        [.. Paths(plan).Select(ImagePath.Parent).Distinct().Order(StringComparer.Ordinal)];

    /// <summary>
    /// Links that the image has already, to what comes back: a program asks for such a name, so outside of the image it is needed too.
    /// </summary>
    public static IEnumerable<string> Links(PrunePlan plan, ImageFileSystem full)
    {
        var paths = Paths(plan).ToHashSet(StringComparer.Ordinal);
        return plan
            .Entries.Where(e =>
                e.IsKept && e.Kind == EntryKind.SymbolicLink && full.Resolve(e.Path).Target is { } target && paths.Contains(target.Path)
            )
            .Select(e => e.Path);
    }

    /// <summary>The plan of an image that has them back, with the licences of their packages.</summary>
    /// <param name="plan">The image's own.</param>
    /// <param name="full">The image that has them.</param>
    /// <param name="packages">Its packages.</param>
    public static PrunePlan Plan(PrunePlan plan, ImageFileSystem full, PackageDatabase packages)
    {
        var library = Of(plan) is [var first, ..] ? first.Path : null;
        var kept = plan.Entries.Where(e => e.IsKept).Select(e => e.Path).ToHashSet(StringComparer.Ordinal);
        var back = new Dictionary<string, Cause>(StringComparer.Ordinal);
        foreach (var path in Paths(plan))
        {
            back[path] = new Cause(Reason.NeededBy, library);
            if (packages.OwnerOf(path) is { } owner)
                packages.LicenceFiles(owner).ToList().ForEach(text => AddText(text, owner));
        }

        foreach (var path in back.Keys.ToList())
        {
            for (var parent = ImagePath.Parent(path); !kept.Contains(parent) && parent != "/"; parent = ImagePath.Parent(parent))
                back.TryAdd(parent, new Cause(Reason.DirectoryOf, path));
        }

        return plan with
        {
            Entries = [.. plan.Entries.Select(e => back.TryGetValue(e.Path, out var cause) ? Kept(e, cause) : e)],
        };

        void AddText(string path, string owner)
        {
            var way = full.Resolve(path);
            if (way.Target is not { Kind: EntryKind.File or EntryKind.HardLink } text)
                return;
            string[] holder = text.Kind == EntryKind.HardLink ? [text.LinkTarget!] : [];
            foreach (var part in way.Links.Select(l => l.Path).Append(text.Path).Concat(holder).Where(p => !kept.Contains(p)))
                back.TryAdd(part, new Cause(Reason.LicenceOf, owner));
        }
    }

    private static PlanEntry Kept(PlanEntry entry, Cause cause) =>
        entry.IsKept ? entry with { Action = PlanAction.Keep, StandIn = null } : entry with { Action = PlanAction.Keep, Causes = [cause] };

    private static IEnumerable<string> Paths(PrunePlan plan)
    {
        var libraries = Of(plan).Select(e => e.Path).ToHashSet(StringComparer.Ordinal);
        return plan
            .Entries.Where(e =>
                libraries.Contains(e.Path) || (!e.IsKept && e.Causes[0] is { Reason: Reason.StandIn, By: { } by } && libraries.Contains(by))
            )
            .Select(e => e.Path);
    }
}
