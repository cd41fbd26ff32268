using System.Text;
using System.Text.RegularExpressions;
using Gfxbake.Formats.Packages;

namespace Gfxbake.Pipeline.Full;

/// <summary>
/// The versions of an image's packages, kept beside the recipe: a later build gets the same ones, or says which it can't get.
/// </summary>
/// <param name="Versions">By name of the package.</param>
public sealed partial record VersionLock(SortedDictionary<string, string> Versions)
{
    // Above 1000: a version older than an installed one counts too (apt_preferences(5)).
    private const int PinPriority = 1001;

    private const string Head = """
        # The version of every package in the full image. FullImage asks apt for these and fails when it gets others.
        # Written by: ./build.sh --target=FullImage --update-lock

        """;

    /// <param name="packages">What the image has installed.</param>
    /// <param name="compiled">
    /// Name of the package that the variant compiles, whose version is the recipe's own; null when it compiles nothing.
    /// </param>
    public static VersionLock Of(IEnumerable<InstalledPackage> packages, string? compiled)
    {
        var versions = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var package in packages.Where(p => p.Name != compiled))
            versions[package.Name] = package.Version;
        return new VersionLock(versions);
    }

    /// <exception cref="FormatException">A line is not "name version"; the message says which.</exception>
    public static VersionLock Parse(string text)
    {
        var versions = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (index, line) in text.Split('\n').Index())
        {
            if (line.Length == 0 || line[0] == '#')
                continue;
            var match = Line().Match(line);
            if (!match.Success)
                throw new FormatException($"line {index + 1}: '{line}' is not a package's name and version");
            if (!versions.TryAdd(match.Groups[1].Value, match.Groups[2].Value))
                throw new FormatException($"line {index + 1}: {match.Groups[1].Value} again");
        }

        return new VersionLock(versions);
    }

    public string Text => Head + string.Concat(Versions.Select(v => $"{v.Key} {v.Value}\n"));

    /// <summary>The file that makes apt choose these versions where it has them.</summary>
    public string AptPreferences()
    {
        var text = new StringBuilder();
        foreach (var (name, version) in Versions)
            text.Append($"Package: {name}\nPin: version {version}\nPin-Priority: {PinPriority}\n\n");
        return text.ToString();
    }

    /// <summary>Every package that is not as it is locked: a sentence each.</summary>
    public IReadOnlyList<string> Problems(IReadOnlyList<InstalledPackage> packages, string? compiled)
    {
        var changes = PackageChanges.Between(Versions, Of(packages, compiled).Versions);
        return
        [
            .. changes.Changed.Select(c => $"{c.Name} is locked to {c.Before}, and the archive gave {c.After}"),
            .. changes.Gone.Select(g => $"{g.Name} {g.Version} is locked, and not in the image"),
            .. changes.Added.Select(a => $"{a.Name} {a.Version} is in the image, and not in the lock"),
        ];
    }

    // Debian policy 5.6.7 and 5.6.12.
    [GeneratedRegex(@"\A([a-z0-9][a-z0-9+.-]+) ([0-9A-Za-z.+:~-]+)\z")]
    private static partial Regex Line();
}
