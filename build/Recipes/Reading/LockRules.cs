using System.Text.RegularExpressions;
using Gfxbake.Recipes.Model;
using Gfxbake.Recipes.Yaml;

namespace Gfxbake.Recipes.Reading;

/// <summary>Reads the lock of a variant's packages: a line for each, its SHA-256 and its address.</summary>
internal sealed partial class LockRules(YamlBinder binder, string root)
{
    /// <summary>The set with the files that its lock names; what is wrong is told with the lock's own lines.</summary>
    public PackageSet? Read(string key, PackageSet? set)
    {
        if (set is null)
            return null;
        if (!IsBelow(set.Lock))
        {
            binder.Problem($"{key}.lock", $"'{set.Lock}' must be a file below recipes/, without '..'");
            return set;
        }

        var file = new FileInfo(Path.Combine(root, set.Lock));
        if (file is not { Exists: true, LinkTarget: null, Length: <= PackageLock.MostBytes })
        {
            binder.Problem($"{key}.lock", $"recipes/{set.Lock} is missing, a link, or larger than {PackageLock.MostBytes} bytes");
            return set;
        }

        var (packages, problems) = PackageLock.Read(File.ReadLines(file.FullName));
        foreach (var (line, message) in problems)
            binder.Problem($"{key}.lock", $"recipes/{set.Lock}:{line}: {message}");
        if (packages.Count is 0 or > PackageLock.Most)
            binder.Problem($"{key}.lock", $"recipes/{set.Lock} has {packages.Count} packages; 1 to {PackageLock.Most} are allowed");
        return set.With(packages);
    }

    /// <summary>Whether a path can only be one below recipes/.</summary>
    internal static bool IsBelow(string path) => Below().IsMatch(path);

    [GeneratedRegex(@"\A[A-Za-z0-9_][A-Za-z0-9_-]*(\.[A-Za-z0-9_-]+)*(/[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*)*\z")]
    private static partial Regex Below();
}
