using Gfxbake.Pipeline.Steps;

namespace Gfxbake.Pipeline.Full;

/// <summary>The versions that a recipe holds its packages at, and what --refresh and --update-lock make of them.</summary>
public static class LockedVersions
{
    /// <summary>The lock that a build must keep; null when the recipe has none, or when newer versions are asked for.</summary>
    /// <param name="paths">Where it lies.</param>
    /// <param name="refresh">Whether newer versions are asked for.</param>
    /// <param name="updateLock">Whether the lock takes them.</param>
    /// <param name="newer">The command that takes newer versions into it.</param>
    /// <exception cref="StepException">The file is broken, or newer versions are asked for and the lock would refuse them.</exception>
    public static VersionLock? Of(BuildPaths paths, bool refresh, bool updateLock, string newer)
    {
        var file = paths.VersionLock;
        if (!File.Exists(file))
            return null;
        if (refresh)
        {
            return updateLock
                ? null
                : throw new StepException($"--refresh: {paths.Show(file)} holds the versions; {newer} takes newer ones into it");
        }

        try
        {
            return VersionLock.Parse(File.ReadAllText(file));
        }
        catch (FormatException error)
        {
            throw new StepException(
                $"{paths.Show(file)}: {error.Message}\n" + "Next: correct it, or write it anew with --update-lock after deleting it."
            );
        }
    }

    /// <summary>The command that takes newer versions into the lock.</summary>
    public static string Newer(Func<string, string> command) => $"{command("FullImage")} --refresh --update-lock";
}
