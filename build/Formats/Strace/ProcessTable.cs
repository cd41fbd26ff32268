namespace Gfxbake.Formats.Strace;

/// <summary>The live threads of a log and who inherits whose working directory.</summary>
internal sealed class ProcessTable(byte[] startDirectory)
{
    /// <summary>Live at one time; memory stays flat however many come and go.</summary>
    public const int MostProcesses = 1 << 14;

    public static readonly string TooMany = $"more than {MostProcesses} threads are alive at once";

    private readonly Dictionary<int, TracedProcess> live = [];

    // Children that came and went before the call that made them returned.
    private readonly HashSet<int> departed = [];
    private TracedProcess? last;
    private bool started;

    /// <summary>Processes and threads seen so far.</summary>
    public int Seen { get; private set; }

    public IEnumerable<TracedProcess> Live => live.Values.OrderBy(process => process.Pid);

    /// <summary>The thread with the number; null when there are too many.</summary>
    public TracedProcess? Enter(int pid)
    {
        if (last?.Pid == pid)
        {
            return last;
        }
        if (!live.TryGetValue(pid, out TracedProcess? process))
            process = live.Count < MostProcesses ? Adopt(pid) : null;
        return last = process;
    }

    public TracedProcess? Find(int pid) => live.GetValueOrDefault(pid);

    public void Leave(TracedProcess process)
    {
        live.Remove(process.Pid);
        last = null;
        if (!process.HasParent && departed.Count < MostProcesses)
            departed.Add(process.Pid);
    }

    /// <summary>A clone, fork or vfork of the parent returned the child's number.</summary>
    /// <returns>What is wrong, or null.</returns>
    public string? Fork(TracedProcess parent, int child, bool sharesDirectory)
    {
        if (parent.PendingChild == child || departed.Remove(child))
        {
            return null;
        }
        if (parent.PendingChild != 0)
            return $"the new thread is {child}, but {parent.PendingChild} came while only this call could have made it";
        if (!live.TryGetValue(child, out TracedProcess? process))
        {
            if (live.Count == MostProcesses)
            {
                return TooMany;
            }
            Add(child, Inherit(parent, sharesDirectory));
        }
        else if (!process.HasParent)
        {
            process.HasParent = true;
            byte[]? own = process.Directory.Path;
            process.Directory = Inherit(parent, sharesDirectory);
            if (own is not null)
                process.Directory.Set(own);
        }
        return null;
    }

    // The child's first line can come before its parent's call returns.
    private TracedProcess Adopt(int pid)
    {
        if (!started)
        {
            started = true;
            var directory = new WorkingDirectory();
            directory.Set(startDirectory);
            return Add(pid, directory);
        }
        if (OnlyForking() is not { } parent)
        {
            TracedProcess orphan = Add(pid, new WorkingDirectory());
            orphan.HasParent = false;
            return orphan;
        }
        parent.PendingChild = pid;
        return Add(pid, Inherit(parent, SharesDirectory(parent.PendingText)));
    }

    private TracedProcess? OnlyForking()
    {
        TracedProcess? parent = null;
        foreach (TracedProcess process in live.Values)
        {
            if (process.PendingCall?.Effect == CallEffect.Fork && process.PendingChild == 0)
            {
                if (parent is not null)
                {
                    return null;
                }
                parent = process;
            }
        }
        return parent;
    }

    public static bool SharesDirectory(ReadOnlySpan<byte> arguments) => arguments.IndexOf("CLONE_FS"u8) >= 0;

    private TracedProcess Add(int pid, WorkingDirectory directory)
    {
        Seen++;
        return live[pid] = new TracedProcess(pid, directory);
    }

    private static WorkingDirectory Inherit(TracedProcess parent, bool shares) => shares ? parent.Directory : parent.Directory.Copy();
}
