using Cake.Core;
using Gfxbake.Pipeline.Full;

namespace Gfxbake.Host.Tools;

/// <summary>The versions that a recipe holds its packages at, and what --refresh and --update-lock make of them.</summary>
internal static class LockedVersions
{
    /// <summary>Name of the lock among the inputs of FullImage.</summary>
    public const string Input = FullStep.LockInput;

    /// <summary>The lock that this build must keep; null when the recipe has none, or when newer versions are asked for.</summary>
    /// <exception cref="CakeException">The file is broken, or newer versions are asked for and the lock would refuse them.</exception>
    public static VersionLock? Of(BuildContext context)
    {
        var file = context.Paths.VersionLock;
        if (!File.Exists(file))
            return null;
        if (context.Flag(Arguments.Refresh))
        {
            return context.Flag(Arguments.UpdateLock)
                ? null
                : throw new CakeException(
                    $"--{Arguments.Refresh}: {context.Paths.Show(file)} holds the versions; {Newer(context)} takes newer ones into it"
                );
        }

        try
        {
            return VersionLock.Parse(File.ReadAllText(file));
        }
        catch (FormatException error)
        {
            throw new CakeException(
                $"{context.Paths.Show(file)}: {error.Message}\n"
                    + $"Next: correct it, or write it anew with --{Arguments.UpdateLock} after deleting it."
            );
        }
    }

    /// <summary>The command that takes newer versions into the lock.</summary>
    public static string Newer(BuildContext context) => $"{context.Command("FullImage")} --{Arguments.Refresh} --{Arguments.UpdateLock}";
}
