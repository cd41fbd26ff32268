using Gfxbake.Formats.Tar;
using Gfxbake.Formats.Text;

namespace Gfxbake.Formats.Images;

/// <summary>Finds paths of a tree by a pattern, links followed on the way.</summary>
public static class TreeGlob
{
    /// <summary>How many paths one pattern finds; who makes more is no installation.</summary>
    public const int MostPaths = 4096;

    /// <summary>The paths that are there, as the pattern writes them, by name in ordinal order.</summary>
    /// <param name="tree">Where to look.</param>
    /// <param name="pattern">An absolute path; '*' and '?' stay within a component.</param>
    public static IReadOnlyList<string> Find(IFileTree tree, string pattern)
    {
        IReadOnlyList<string> found = ["/"];
        foreach (var component in pattern.Split('/', StringSplitOptions.RemoveEmptyEntries).Where(c => c != "."))
        {
            found = component.AsSpan().ContainsAny('*', '?')
                ? [.. found.SelectMany(f => Children(tree, f, component)).Take(MostPaths)]
                : [.. found.Select(f => ImagePath.Join(f, component))];
        }

        return [.. found.Where(f => tree.Resolve(f).Target is not null)];
    }

    private static IEnumerable<string> Children(IFileTree tree, string folder, string component) =>
        tree.Resolve(folder).Target is { Kind: EntryKind.Directory } directory
            ? tree.Children(directory.Path)
                .Select(c => c.Path[(c.Path.LastIndexOf('/') + 1)..])
                .Where(n => PathGlob.Matches(component, n))
                .Select(n => ImagePath.Join(folder, n))
            : [];
}
