using System.Text.RegularExpressions;
using Gfxbake.Formats.Text;

namespace Gfxbake.Recipes.Model;

/// <summary>A file with a line "SHA-256 address" for each package; '#' begins a comment.</summary>
public static partial class PackageLock
{
    public const int MostBytes = 1 << 20;
    public const int Most = 2000;

    /// <summary>What the lines say.</summary>
    /// <param name="lines">The file.</param>
    /// <returns>The packages, and what is wrong, each with the number of its line.</returns>
    public static (IReadOnlyList<LockedPackage> Packages, IReadOnlyList<(int Line, string Message)> Problems) Read(
        IEnumerable<string> lines
    )
    {
        var (packages, problems) = (new List<LockedPackage>(), new List<(int, string)>());
        foreach (var (i, line) in lines.Index())
        {
            var text = line.Trim();
            if (text.Length == 0 || text[0] == '#')
                continue;
            if (Package(text) is { } package && packages.TrueForAll(p => p.Name != package.Name))
                packages.Add(package);
            else
                problems.Add((i + 1, $"'{PlainText.Visible(text)}' is {Wrong(text, packages)}"));
        }

        return (packages, problems);
    }

    private static LockedPackage? Package(string line)
    {
        var match = Line().Match(line);
        return
            match.Success
            && Uri.TryCreate(match.Groups["url"].Value, UriKind.Absolute, out var address)
            && (address.IsFile || UpstreamWatch.IsTrusted(address))
            && new LockedPackage(match.Groups["url"].Value, match.Groups["sha256"].Value) is var package
            && Name().IsMatch(package.Name)
            ? package
            : null;
    }

    private static string Wrong(string line, List<LockedPackage> packages) =>
        Package(line) is { } package && packages.Exists(p => p.Name == package.Name)
            ? "the second package of this file name"
            : "no line 'SHA-256 address', with 64 hex digits and an https:// or file:// address of a file";

    [GeneratedRegex(@"\A(?<sha256>[0-9a-f]{64})\s+(?<url>\S{1,2000})\z")]
    private static partial Regex Line();

    [GeneratedRegex(@"\A[A-Za-z0-9][A-Za-z0-9._+~^-]{0,199}\z")]
    private static partial Regex Name();
}
