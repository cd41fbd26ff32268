using System.Globalization;
using System.Runtime.InteropServices;

namespace Gfxbake.Host.Steps;

/// <summary>The processes below this one, as /proc shows them.</summary>
internal static partial class Processes
{
    private const int Terminate = 15;
    private const int Kill = 9;

    /// <summary>Asks all descendants to end, and makes them end when the patience is over.</summary>
    public static void EndDescendants(TimeSpan patience)
    {
        foreach (var pid in Descendants())
            _ = Signal(pid, Terminate);
        for (var end = DateTime.UtcNow + patience; DateTime.UtcNow < end && Descendants().Count > 0; )
            Thread.Sleep(50);
        foreach (var pid in Descendants())
            _ = Signal(pid, Kill);
    }

    /// <summary>Asks one process to end.</summary>
    public static void Ask(int pid) => _ = Signal(pid, Terminate);

    private static List<int> Descendants()
    {
        var parents = new Dictionary<int, int>();
        foreach (var directory in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(directory), CultureInfo.InvariantCulture, out var pid) && ParentOf(directory) is { } parent)
                parents[pid] = parent;
        }

        var found = new HashSet<int> { Environment.ProcessId };
        while (parents.Where(p => found.Contains(p.Value) && !found.Contains(p.Key)).Select(p => p.Key).ToList() is { Count: > 0 } more)
            found.UnionWith(more);
        found.Remove(Environment.ProcessId);
        return [.. found];
    }

    private static int? ParentOf(string directory)
    {
        try
        {
            // pid (name) state ppid: the name may hold anything, so count from the last ')'. Zombies are gone already.
            var stat = File.ReadAllText(Path.Combine(directory, "stat"));
            var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            return fields[0] == "Z" ? null : int.Parse(fields[1], CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            return null;
        }
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Signal(int pid, int signal);
}
