using System.Buffers.Text;

namespace Gfxbake.Formats.Strace;

/// <summary>The lines of a log that are no whole call.</summary>
internal static class StraceEvents
{
    /// <summary>"--- SIGCHLD {...} ---", "--- stopped by SIGTSTP ---".</summary>
    public static bool IsSignal(ReadOnlySpan<byte> text) =>
        text.EndsWith(" ---"u8) && (text.StartsWith("--- SIG"u8) || text.StartsWith("--- stopped by SIG"u8));

    /// <summary>"+++ exited with 0 +++", "+++ killed by SIGABRT (core dumped) +++".</summary>
    public static bool IsExit(ReadOnlySpan<byte> text) =>
        text.EndsWith(" +++"u8) && (text.StartsWith("+++ exited with "u8) || text.StartsWith("+++ killed by SIG"u8));

    /// <summary>"+++ superseded by execve in pid 12 +++".</summary>
    public static bool TryReadSuperseded(ReadOnlySpan<byte> text, out int thread)
    {
        ReadOnlySpan<byte> start = "+++ superseded by execve in pid "u8;
        thread = 0;
        return text.StartsWith(start)
            && Utf8Parser.TryParse(text[start.Length..], out thread, out int digits)
            && text[(start.Length + digits)..].SequenceEqual(" +++"u8);
    }

    /// <summary>What strace says about itself: "strace: Process 12 attached", "[ Process PID=12 runs in 32 bit mode. ]".</summary>
    public static bool IsNotice(ReadOnlySpan<byte> text) =>
        (text.StartsWith("strace: Process "u8) && text.EndsWith(" attached"u8))
        || (text.StartsWith("[ Process PID="u8) && text.EndsWith(" mode. ]"u8));

    /// <summary>Takes " &lt;unfinished ...>" or " &lt;pid changed to 12 ...>" off a call's end.</summary>
    public static bool TryCutUnfinished(ref ReadOnlySpan<byte> text)
    {
        int mark = text.LastIndexOf(" <"u8);
        if (mark < 0 || !text.EndsWith(" ...>"u8))
        {
            return false;
        }
        ReadOnlySpan<byte> word = text[(mark + 2)..];
        if (!word.SequenceEqual("unfinished ...>"u8) && !word.StartsWith("pid changed to "u8))
        {
            return false;
        }
        text = text[..mark];
        return true;
    }

    /// <summary>Takes " &lt;unfinished ...>) = ?" off the end of a call in which its thread was killed.</summary>
    public static bool TryCutKilled(ref ReadOnlySpan<byte> text)
    {
        ReadOnlySpan<byte> end = " <unfinished ...>) = ?"u8;
        if (!text.EndsWith(end))
        {
            return false;
        }
        text = text[..^end.Length];
        return true;
    }

    /// <summary>"&lt;... openat resumed>) = 3": the name and what follows.</summary>
    public static bool TryCutResumed(ReadOnlySpan<byte> text, out ReadOnlySpan<byte> name, out ReadOnlySpan<byte> rest)
    {
        name = rest = [];
        ReadOnlySpan<byte> end = " resumed>"u8;
        int mark = text.IndexOf(end);
        if (mark < 5 || !text.StartsWith("<... "u8))
        {
            return false;
        }
        name = text[5..mark];
        rest = text[(mark + end.Length)..];
        return true;
    }
}
