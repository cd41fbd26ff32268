using System.Text.RegularExpressions;

namespace Gfxbake.Unit.Tests;

/// <summary>Which folder of C# files needs which, as their usings and qualified names say. A folder's path is its namespace.</summary>
internal static partial class SourceFolders
{
    /// <summary>A circle for each folder that is in one, as "A -> B -> A"; each circle once.</summary>
    /// <param name="layer">The folder of the layer.</param>
    /// <param name="hub">A namespace that all others may use and that may use them.</param>
    public static IReadOnlyList<string> Cycles(string layer, string? hub = null)
    {
        var needs = Needs(layer);
        if (hub is not null)
            needs.Remove(hub);
        var found = new SortedSet<string>(StringComparer.Ordinal);
        var done = new HashSet<string>();
        foreach (var folder in needs.Keys.Order(StringComparer.Ordinal))
            Walk(folder, [], needs, done, found);
        return [.. found];
    }

    /// <summary>Files whose namespace is not their folder's.</summary>
    public static IReadOnlyList<string> Misplaced(string layer) =>
        [.. Files(layer).Where(f => f.Namespace is { } name && name != Expected(layer, f.Path)).Select(f => $"{f.Path}: {f.Namespace}")];

    private static void Walk(
        string folder,
        List<string> way,
        Dictionary<string, SortedSet<string>> needs,
        HashSet<string> done,
        SortedSet<string> found
    )
    {
        if (way.IndexOf(folder) is >= 0 and var start)
        {
            found.Add(string.Join(" -> ", way.Skip(start).Append(folder)));
            return;
        }

        if (done.Contains(folder))
            return;
        way.Add(folder);
        foreach (var next in (needs.GetValueOrDefault(folder) ?? []).Where(needs.ContainsKey))
            Walk(next, way, needs, done, found);
        way.RemoveAt(way.Count - 1);
        done.Add(folder);
    }

    private static Dictionary<string, SortedSet<string>> Needs(string layer)
    {
        var files = Files(layer).Where(f => f.Namespace is not null).ToList();
        var folders = files.Select(f => f.Namespace!).ToHashSet();
        var needs = folders.ToDictionary(f => f, _ => new SortedSet<string>(StringComparer.Ordinal));
        foreach (var (_, name, text) in files)
        {
            // An outer namespace is seen without a using, so whatever is inside counts as needing it.
            for (var outer = name!; outer.Contains('.', StringComparison.Ordinal); )
            {
                outer = outer[..outer.LastIndexOf('.')];
                if (folders.Contains(outer))
                    needs[name!].Add(outer);
            }

            foreach (Match match in Name().Matches(text))
            {
                var named = folders
                    .Where(f => match.Value == f || match.Value.StartsWith(f + ".", StringComparison.Ordinal))
                    .MaxBy(f => f.Length);
                if (named is not null && named != name)
                    needs[name!].Add(named);
            }
        }

        return needs;
    }

    private static IEnumerable<(string Path, string? Namespace, string Text)> Files(string layer) =>
        Directory
            .EnumerateFiles(layer, "*.cs", SearchOption.AllDirectories)
            .Select(f => (f, File.ReadAllText(f)))
            .Select(f => (f.f, Own().Match(f.Item2) is { Success: true } match ? match.Groups[1].Value : null, f.Item2));

    private static string Expected(string layer, string file) =>
        $"Gfxbake.{Path.GetFileName(layer)}.{Path.GetRelativePath(layer, Path.GetDirectoryName(file)!).Replace('/', '.')}".TrimEnd('.');

    [GeneratedRegex(@"^namespace ([\w.]+);", RegexOptions.Multiline)]
    private static partial Regex Own();

    [GeneratedRegex(@"\bGfxbake(\.\w+)+")]
    private static partial Regex Name();
}
