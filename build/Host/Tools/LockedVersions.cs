using Cake.Common.Diagnostics;
using Cake.Core;
using Gfxbake.Formats.Dpkg;
using Gfxbake.Formats.Files;
using Gfxbake.Host.Tasks.Images;
using Gfxbake.Pipeline.Full;

namespace Gfxbake.Host.Tools;

/// <summary>The versions that a recipe holds its packages at, and what --refresh and --update-lock make of them.</summary>
internal static class LockedVersions
{
    /// <summary>Name of the lock among the inputs of FullImage.</summary>
    public const string Input = "lock";

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
                $"{context.Paths.Show(file)}: {error.Message}\nNext: correct it, or write it anew with --{Arguments.UpdateLock} after deleting it."
            );
        }
    }

    /// <exception cref="CakeException">The archive gave other versions than the lock has; names each.</exception>
    public static void Check(BuildContext context, IReadOnlyList<InstalledPackage> packages)
    {
        if (Of(context) is not { } locked || locked.Problems(packages, context.Variant.Source?.Name) is not { Count: > 0 } problems)
            return;
        throw new CakeException(
            $"""
            the archive gave other versions than {context.Paths.Show(context.Paths.VersionLock)} has:
            {ImageJudge.Lines(problems)}
            Next: {Newer(context)} takes what the archive has now; or point the base at an archive that still has the locked ones.
            """
        );
    }

    private static string Newer(BuildContext context) =>
        $"{context.Command(nameof(FullImage))} --{Arguments.Refresh} --{Arguments.UpdateLock}";

    /// <summary>Writes the lock of an image, and puts it among the record's inputs: the image was made of just these versions.</summary>
    public static FullRecord Update(BuildContext context, FullRecord record)
    {
        var text = VersionLock.Of(record.Packages, context.Variant.Source?.Name).Text;
        if (!File.Exists(context.Paths.VersionLock) || File.ReadAllText(context.Paths.VersionLock) != text)
            AtomicFile.WriteText(context.Paths.VersionLock, text);
        context.Information("  {0} holds {1:N0} packages; commit it", context.Paths.Show(context.Paths.VersionLock), record.Packages.Count);
        return record with
        {
            Inputs = new SortedDictionary<string, string>(record.Inputs, StringComparer.Ordinal) { [Input] = Fingerprint.Of(text) },
        };
    }
}
