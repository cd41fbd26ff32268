using Cake.Core;

namespace Gfxbake.Host.Tools;

/// <summary>Recognises that a step failed for want of disk space, in our own writes and in what tools say of theirs.</summary>
internal static class DiskFull
{
    // .NET gives an IOException the plain errno where it has no exception type for it.
    private const int NoSpace = 28;

    public static bool Caused(Exception exception) =>
        exception is IOException { HResult: NoSpace }
        || exception.Message.Contains("no space left on device", StringComparison.OrdinalIgnoreCase);

    public static CakeException Explain(string step, Exception exception) =>
        new(
            $"{step}: the disk is full: {exception.Message}\n"
                + "Next: free space (df -h artifacts and the engine's storage), then run the same command again; finished steps stay."
        );
}
