using Cake.Common;
using Gfxbake.Pipeline.Steps;

namespace Gfxbake.Host.Tools;

/// <summary>
/// The folder for an engine's temporary files, below artifacts/: podman copies whole images there, and one that is killed leaves them.
/// Only who holds the build lock lets an engine write there, so who takes the lock may empty it.
/// </summary>
public static class EngineTemporary
{
    private const string Variable = "TMPDIR";

    // buildah has the cache mounts of builds, ccache's among them, in the same folder; newer ones add the user's number to the name.
    private static readonly string[] Caches = ["buildah-cache", "buildah-cache-0"];

    /// <summary>The engine with this checkout's folder; not to be remembered, as a checkout may be moved.</summary>
    public static Engine Give(BuildContext context, Engine engine)
    {
        var folder = context.Paths.EngineTemporary;
        Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        if (engine.Kind == EngineKind.Podman)
            KeepCaches(folder, context.EnvironmentVariable(Variable) is { Length: > 0 } ambient ? ambient : "/var/tmp");
        return engine with { Environment = new Dictionary<string, string>(engine.Environment) { [Variable] = folder } };
    }

    /// <summary>Deletes what killed engines left.</summary>
    public static void Sweep(BuildPaths paths)
    {
        var folder = new DirectoryInfo(paths.EngineTemporary);
        if (folder.LinkTarget is not null)
            folder.Delete();
        if (!folder.Exists || folder.LinkTarget is not null)
            return;
        // A step of a build that still ends may have something mounted there, and that is not to be deleted.
        var mounts = File.ReadAllText("/proc/self/mountinfo");
        foreach (var entry in folder.EnumerateFileSystemInfos("*", new EnumerationOptions { AttributesToSkip = 0 }).ToList())
        {
            if (!Caches.Contains(entry.Name) && !mounts.Contains($"/{folder.Name}/{entry.Name}/", StringComparison.Ordinal))
                Delete(entry);
        }
    }

    private static void Delete(FileSystemInfo entry)
    {
        try
        {
            if (entry is DirectoryInfo folder)
                folder.Delete(recursive: true);
            else
                entry.Delete();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // It only costs space; the next run tries again.
        }
    }

    /// <summary>Leaves the caches where they are without us, shared by all checkouts.</summary>
    private static void KeepCaches(string folder, string outside)
    {
        foreach (var (link, target) in Caches.Select(c => (Path.Combine(folder, c), Path.Combine(outside, c))))
        {
            if (Directory.Exists(link))
                continue;
            Directory.CreateDirectory(target);
            File.Delete(link);
            File.CreateSymbolicLink(link, target);
        }
    }
}
