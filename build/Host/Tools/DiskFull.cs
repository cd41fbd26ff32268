using Cake.Core;
using Gfxbake.Pipeline.Steps;

namespace Gfxbake.Host.Tools;

/// <summary>Recognises that a step failed for want of disk space, in our own writes and in what tools say of theirs.</summary>
public static class DiskFull
{
    // .NET gives an IOException the plain errno where it has no exception type for it.
    private const int NoSpaceLeft = 28;

    public static bool Caused(Exception exception) =>
        exception switch
        {
            IOException { HResult: NoSpaceLeft } or EngineException { Fault: EngineFault.NoSpace } => true,
            // Files are hashed several at a time, and a request wraps what failed while it was answered.
            AggregateException several => several.InnerExceptions.Any(Caused),
            { InnerException: { } inner } => Caused(inner),
            _ => false,
        };

    /// <summary>The failure of a program, told apart by whether it spoke of a full disk.</summary>
    public static CakeException OrOther(bool isSaid, string message) =>
        isSaid ? new CakeException(message, new IOException(NoSpace.Words, NoSpaceLeft)) : new CakeException(message);

    public static CakeException Explain(string step, Exception exception) =>
        new(
            $"{step}: the disk is full: {exception.Message}\n"
                + "Next: free space (df -h artifacts and the engine's storage), then run the same command again; finished steps stay."
        );
}
