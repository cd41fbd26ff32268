using System.Text.RegularExpressions;
using Gfxbake.Formats.Text;
using Gfxbake.Recipes.Model;
using Gfxbake.Recipes.Yaml;

namespace Gfxbake.Recipes.Reading;

/// <summary>Reads the lock of a variant's packages: a line for each, its SHA-256 and its address.</summary>
internal sealed partial class LockRules(YamlBinder binder, string root)
{
    private const int MostBytes = 1 << 20;
    private const int Most = 2000;

    /// <summary>The set with the files that its lock names; what is wrong is told with the lock's own lines.</summary>
    public PackageSet? Read(string key, PackageSet? set)
    {
        if (set is null)
            return null;
        if (!Below().IsMatch(set.Lock))
        {
            binder.Problem($"{key}.lock", $"'{set.Lock}' must be a file below recipes/, without '..'");
            return set;
        }

        var file = new FileInfo(Path.Combine(root, set.Lock));
        if (file is not { Exists: true, LinkTarget: null, Length: <= MostBytes })
        {
            binder.Problem($"{key}.lock", $"recipes/{set.Lock} is missing, a link, or larger than {MostBytes} bytes");
            return set;
        }

        var packages = new List<LockedPackage>();
        foreach (var (i, line) in File.ReadAllLines(file.FullName).Index())
        {
            var text = line.Trim();
            if (text.Length == 0 || text[0] == '#')
                continue;
            if (Package(text) is { } package && packages.TrueForAll(p => p.Name != package.Name))
                packages.Add(package);
            else
                binder.Problem($"{key}.lock", $"recipes/{set.Lock}:{i + 1}: '{PlainText.Visible(text)}' is {Wrong(text, packages)}");
        }

        if (packages.Count is 0 or > Most)
            binder.Problem($"{key}.lock", $"recipes/{set.Lock} has {packages.Count} packages; 1 to {Most} are allowed");
        return set.With(packages);
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

    [GeneratedRegex(@"\A[A-Za-z0-9_][A-Za-z0-9_-]*(\.[A-Za-z0-9_-]+)*(/[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*)*\z")]
    private static partial Regex Below();

    [GeneratedRegex(@"\A(?<sha256>[0-9a-f]{64})\s+(?<url>\S{1,2000})\z")]
    private static partial Regex Line();

    [GeneratedRegex(@"\A[A-Za-z0-9][A-Za-z0-9._+~^-]{0,199}\z")]
    private static partial Regex Name();
}
