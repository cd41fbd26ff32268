namespace Gfxbake.Pipeline.Check;

/// <summary>The libraries that a process has mapped, as the kernel lists them in /proc/PID/maps.</summary>
public static class LoadedFiles
{
    private const int MostLines = 20_000;
    private const int PathColumn = 5;

    /// <summary>Their paths, in order.</summary>
    public static IReadOnlyList<string> Read(IEnumerable<string> maps) =>
        [
            .. maps.Take(MostLines)
                // address permissions offset device inode path; a path may have spaces.
                .Select(l => l.Split(' ', PathColumn + 1, StringSplitOptions.RemoveEmptyEntries))
                .Where(w => w.Length > PathColumn)
                .Select(w => w[PathColumn].Trim())
                .Where(p => p.StartsWith('/') && Name(p).Contains(".so", StringComparison.Ordinal))
                .Distinct(StringComparer.Ordinal)
                .Order(StringComparer.Ordinal),
        ];

    /// <summary>The file that is a library, whatever its version; null when none is.</summary>
    /// <param name="paths">What is loaded.</param>
    /// <param name="library">Its name, or several with '|' between them of which one is enough.</param>
    public static string? Find(IEnumerable<string> paths, string library)
    {
        var names = library.Split('|');
        return paths.FirstOrDefault(p => names.Any(n => Name(p) == n || Name(p).StartsWith(n + ".", StringComparison.Ordinal)));
    }

    private static string Name(string path) => path[(path.LastIndexOf('/') + 1)..];
}
