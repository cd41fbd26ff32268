using Gfxbake.Formats.Images;
using Gfxbake.Formats.Text;
using Gfxbake.Recipes.Model;

namespace Gfxbake.Pipeline.Plan.Pruning;

/// <summary>What the recipe's drop rules take out of the guesses from names in data.</summary>
internal sealed class DroppedLibraries(ImageFileSystem image, IReadOnlyList<DropRule> rules)
{
    private readonly List<(DropRule Rule, HashSet<string> Paths)> matches =
    [
        .. rules.Select(r =>
            (r, GlobSearch.Find(image, PathGlob.Parse(r.Path)).Entries.Select(e => e.Path).ToHashSet(StringComparer.Ordinal))
        ),
    ];

    /// <summary>By path, what would have been kept.</summary>
    public Dictionary<string, Cause> Dropped { get; } = new(StringComparer.Ordinal);

    /// <summary>Whether a rule speaks against a library or a link on the way to it.</summary>
    public bool Takes(string path)
    {
        var resolution = image.Resolve(path);
        foreach (var entry in resolution.Links.Append(resolution.Target!))
        {
            if (matches.FirstOrDefault(m => m.Paths.Contains(entry.Path)).Rule is not { } rule)
                continue;
            foreach (var gone in resolution.Links.Append(resolution.Target!))
                Dropped.TryAdd(gone.Path, new Cause(Reason.RecipeDrop, rule.Path));
            return true;
        }

        return false;
    }

    /// <summary>A rule that changes nothing is a mistake, or out of date.</summary>
    public IEnumerable<string> Problems(KeptPaths kept)
    {
        foreach (var (rule, paths) in matches)
        {
            if (paths.FirstOrDefault(kept.Contains) is { } stays)
            {
                yield return $"the drop rule '{rule.Path}' ({rule.Why}) names {stays}, which stays for another reason (--target=Why); "
                    + "remove the rule";
            }
            else if (!rule.Optional && !Dropped.Values.Any(c => c.By == rule.Path))
            {
                yield return $"the drop rule '{rule.Path}' ({rule.Why}) takes nothing away: "
                    + "no name in a kept program stands for what it names; remove the rule";
            }
        }
    }
}
