using Gfxbake.Formats.Packages;

namespace Gfxbake.Pipeline.Full;

/// <summary>How the packages of two images differ; each list by name.</summary>
/// <param name="Changed">In both, in another version.</param>
/// <param name="Added">Only in the newer.</param>
/// <param name="Gone">Only in the older.</param>
public sealed record PackageChanges(
    IReadOnlyList<ChangedPackage> Changed,
    IReadOnlyList<PackageVersionOf> Added,
    IReadOnlyList<PackageVersionOf> Gone
)
{
    public bool None => Changed.Count + Added.Count + Gone.Count == 0;

    public static PackageChanges Between(IEnumerable<InstalledPackage> before, IEnumerable<InstalledPackage> after) =>
        Between(VersionLock.Of(before, null).Versions, VersionLock.Of(after, null).Versions);

    public static PackageChanges Between(IReadOnlyDictionary<string, string> before, IReadOnlyDictionary<string, string> after)
    {
        var changed = after
            .Where(a => before.TryGetValue(a.Key, out var b) && b != a.Value)
            .Select(a => new ChangedPackage(a.Key, before[a.Key], a.Value));
        var added = after.Where(a => !before.ContainsKey(a.Key)).Select(a => new PackageVersionOf(a.Key, a.Value));
        var gone = before.Where(b => !after.ContainsKey(b.Key)).Select(b => new PackageVersionOf(b.Key, b.Value));
        return new PackageChanges(
            [.. changed.OrderBy(c => c.Name, StringComparer.Ordinal)],
            [.. added.OrderBy(a => a.Name, StringComparer.Ordinal)],
            [.. gone.OrderBy(g => g.Name, StringComparer.Ordinal)]
        );
    }

    /// <summary>One line for each package, for a screen of 80 columns.</summary>
    public IEnumerable<string> Lines()
    {
        var width = Math.Min(
            Changed.Select(c => c.Name).Concat(Added.Concat(Gone).Select(p => p.Name)).Select(n => n.Length).DefaultIfEmpty().Max(),
            32
        );
        return Changed
            .Select(c => $"{c.Name.PadRight(width)}  {c.Before} -> {c.After}")
            .Concat(Added.Select(a => $"{a.Name.PadRight(width)}  {a.Version}, new"))
            .Concat(Gone.Select(g => $"{g.Name.PadRight(width)}  {g.Version}, gone"));
    }
}

/// <summary>A package in two versions.</summary>
public sealed record ChangedPackage(string Name, string Before, string After);

/// <summary>A package and its version.</summary>
public sealed record PackageVersionOf(string Name, string Version);
