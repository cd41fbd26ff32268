using System.Buffers.Text;
using Gfxbake.Formats.Text;

namespace Gfxbake.Formats.Strace;

/// <summary>Reads the log of <c>strace</c> run with <see cref="Options"/> as a stream of the paths that the program touched.</summary>
/// <remarks>
/// The options and why:
/// <list type="bullet">
/// <item>-f follows children and threads, with -o each line starts with the thread's number.</item>
/// <item>-y writes a descriptor's path behind it, so that neither close nor dup need be traced, and the working directory
/// behind AT_FDCWD. Not -yy, whose sockets' addresses hold unescaped '>'.</item>
/// <item>No -s: paths are always written up to PATH_MAX; the limit is for other strings. No -x: the default escapes
/// (\n, \", \\, octal) keep every byte.</item>
/// <item>-a 1 leaves out the padding in front of '='.</item>
/// <item>--seccomp-bpf stops the program at traced calls only.</item>
/// <item>%file and, because it isn't in it: fchdir, the fork family and unshare for working directories, setns, mmap for
/// descriptors that came from elsewhere, open_by_handle_at and io_uring_setup as ways round the log. '?' lets a name pass
/// that the machine doesn't have.</item>
/// <item>Signals and exits stay on: without them nobody sees whether the log is whole.</item>
/// </list>
/// To stop a traced program signal it, or SIGTERM strace; a SIGKILL to strace leaves a log that is refused as cut off.
/// Working directories of calls without AT_FDCWD (access, readlink, chdir, ...) are followed through chdir, fchdir and the
/// fork family. chroot, mounts, other mount namespaces and io_uring are refused when they succeed. Between threads that share
/// a working directory, a call that overlaps another thread's chdir counts in the order of the log. Memory doesn't depend on
/// the log's length: lines are at most 1 MiB, live threads and unfinished calls are limited, strings come from a cache of
/// fixed size.
/// </remarks>
public sealed class StraceReader
{
    /// <summary>Linux's PID_MAX_LIMIT.</summary>
    internal const int HighestPid = 1 << 22;

    private const int MostPendingBytes = 1 << 24;

    private readonly LineSource lines;
    private readonly ProcessTable processes;
    private readonly CallReader calls;
    private readonly ProblemList problems = new();
    private int pendingBytes;
    private byte[] joined = new byte[4096];
    private bool used;

    /// <param name="log">What strace wrote with -o; read from where it stands to its end, not closed.</param>
    /// <param name="startDirectory">The working directory in which strace was started: an absolute path.</param>
    public StraceReader(Stream log, string startDirectory)
    {
        ArgumentNullException.ThrowIfNull(log);
        ArgumentNullException.ThrowIfNull(startDirectory);
        if (!startDirectory.StartsWith('/'))
            throw new ArgumentException($"'{startDirectory}' is not an absolute path", nameof(startDirectory));
        lines = new LineSource(log);
        processes = new ProcessTable(startDirectory == "/" ? [] : PathText.ToBytes(startDirectory.TrimEnd('/')));
        calls = new CallReader(processes);
    }

    /// <summary>The options that strace needs, without "-o FILE" and the program.</summary>
    public static IReadOnlyList<string> Options { get; } =
    [
        "-f",
        "-y",
        "-a",
        "1",
        "--seccomp-bpf",
        "-e",
        "trace=%file,fchdir,mmap,?mmap2,?fork,?vfork,clone,?clone3,unshare,setns,?open_by_handle_at,?io_uring_setup",
    ];

    /// <summary>Lines read so far.</summary>
    public long Lines { get; private set; }

    /// <summary>Processes and threads seen so far.</summary>
    public int Processes => processes.Seen;

    /// <summary>The accesses in the order of the log; can be walked once.</summary>
    /// <exception cref="TraceFormatException">
    /// Thrown at the end, after all accesses that could be read, if anything could not.
    /// </exception>
    public IEnumerable<TracedAccess> Read()
    {
        if (used)
            throw new InvalidOperationException("A log can be read only once; open it again.");
        used = true;
        return ReadAll();
    }

    private IEnumerable<TracedAccess> ReadAll()
    {
        List<TracedAccess> accesses = calls.Accesses;
        while (ReadLine())
        {
            for (var i = 0; i < accesses.Count; i++)
                yield return accesses[i];
        }
        foreach (TracedProcess process in processes.Live)
        {
            string call = process.PendingCall is { } pending ? $", in {pending.Name}" : "";
            problems.Add(0, $"the log ends while thread {process.Pid} is alive{call}: it was cut off", []);
        }
        if (Lines == 0)
            problems.Add(0, "the log is empty: strace did not start the program", []);
        problems.ThrowIfAny();
    }

    private bool ReadLine()
    {
        calls.Accesses.Clear();
        LineState state = lines.Next(out ReadOnlySpan<byte> line);
        if (state == LineState.End)
        {
            return false;
        }
        Lines++;
        string? problem = state switch
        {
            LineState.TooLong => $"the line is longer than {LineSource.MostBytes} bytes",
            LineState.CutOff => "the last line has no end: the log was cut off",
            _ => ReadLine(line),
        };
        if (problem is not null)
            problems.Add(Lines, problem, line);
        return true;
    }

    private string? ReadLine(ReadOnlySpan<byte> line)
    {
        if (!Utf8Parser.TryParse(line, out int pid, out int digits) || line[0] == '-' || line[0] == '+')
            return StraceEvents.IsNotice(line) ? null : "the line can't be read";
        ReadOnlySpan<byte> rest = line[digits..].TrimStart((byte)' ');
        if (pid is < 1 or > HighestPid || rest.IsEmpty || line[digits] != ' ')
            return "the line can't be read";
        if (processes.Enter(pid) is not { } process)
            return ProcessTable.TooMany;
        return rest[0] switch
        {
            (byte)'<' => ReadResumed(process, rest),
            (byte)'+' => ReadEnd(process, rest),
            (byte)'-' => StraceEvents.IsSignal(rest) ? null : "the line can't be read",
            (byte)'[' => StraceEvents.IsNotice(rest) ? null : "the line can't be read",
            _ => ReadCall(process, rest),
        };
    }

    private string? ReadCall(TracedProcess process, ReadOnlySpan<byte> text)
    {
        int bracket = text.IndexOf((byte)'(');
        if (bracket <= 0)
            return "the line can't be read";
        if (CallShape.Find(text[..bracket]) is not { } shape)
            return "the reader doesn't know this call; trace with the options of StraceReader.Options";
        string? problem = null;
        if (process.PendingCall is { } pending)
        {
            problem = $"a new call while {pending.Name} is unfinished";
            Settle(process);
        }
        ReadOnlySpan<byte> arguments = text[(bracket + 1)..];
        if (StraceEvents.TryCutUnfinished(ref arguments))
            return problem ?? Suspend(process, shape, arguments);
        CallProgress progress = StraceEvents.TryCutKilled(ref arguments) ? CallProgress.CutShort : CallProgress.Whole;
        return problem ?? calls.Read(process, shape, arguments, progress);
    }

    private string? Suspend(TracedProcess process, CallShape shape, ReadOnlySpan<byte> arguments)
    {
        if (pendingBytes + arguments.Length > MostPendingBytes)
            return $"more than {MostPendingBytes} bytes of unfinished calls";
        calls.Learn(process, shape, arguments);
        pendingBytes += arguments.Length;
        process.Suspend(shape, arguments);
        return null;
    }

    private void Settle(TracedProcess process)
    {
        pendingBytes -= process.PendingText.Length;
        process.Settle();
    }

    private string? ReadResumed(TracedProcess process, ReadOnlySpan<byte> text)
    {
        if (!StraceEvents.TryCutResumed(text, out ReadOnlySpan<byte> name, out ReadOnlySpan<byte> rest))
            return "the line can't be read";
        if (process.PendingCall is not { } shape || CallShape.Find(name) != shape)
            return "the call that resumes here never started";
        int length = process.PendingText.Length + rest.Length;
        if (joined.Length < length)
            joined = new byte[length];
        process.PendingText.CopyTo(joined);
        rest.CopyTo(joined.AsSpan(process.PendingText.Length));
        ReadOnlySpan<byte> arguments = joined.AsSpan(0, length);
        CallProgress progress = StraceEvents.TryCutKilled(ref arguments) ? CallProgress.CutShort : CallProgress.Resumed;
        string? problem = calls.Read(process, shape, arguments, progress);
        Settle(process);
        return problem;
    }

    private string? ReadEnd(TracedProcess process, ReadOnlySpan<byte> text)
    {
        if (!StraceEvents.IsExit(text))
            return StraceEvents.TryReadSuperseded(text, out int thread) ? Supersede(process, thread) : "the line can't be read";
        string? problem = Abandon(process);
        processes.Leave(process);
        return problem;
    }

    // The killed thread's paths count, though nobody knows what came of the call.
    private string? Abandon(TracedProcess process)
    {
        string? problem = process.PendingCall is { } shape ? calls.Read(process, shape, process.PendingText, CallProgress.CutShort) : null;
        Settle(process);
        return problem;
    }

    // execve in a thread that isn't the first: it goes on under the first one's number.
    private string? Supersede(TracedProcess process, int thread)
    {
        if (processes.Find(thread) is not { PendingCall.Name: "execve" or "execveat" } caller || caller == process)
            return $"thread {thread} has no execve under way";
        string? problem = Abandon(process);
        process.TakeOver(caller);
        processes.Leave(caller);
        return problem;
    }
}
