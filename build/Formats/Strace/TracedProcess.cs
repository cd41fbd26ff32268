namespace Gfxbake.Formats.Strace;

/// <summary>A working directory, shared by all threads that were cloned with CLONE_FS.</summary>
internal sealed class WorkingDirectory
{
    // The AT_FDCWD annotation that gave the path, to see at a glance that nothing changed.
    private byte[] annotation = [];

    /// <summary>Null while nobody knows it; the root is empty.</summary>
    public byte[]? Path { get; private set; }

    public bool IsFrom(ReadOnlySpan<byte> text) => Path is not null && text.SequenceEqual(annotation);

    public void Set(byte[]? path, ReadOnlySpan<byte> text = default)
    {
        Path = path;
        annotation = text.ToArray();
    }

    public WorkingDirectory Copy() => new() { Path = Path, annotation = annotation };
}

/// <summary>What the reader remembers of one live thread.</summary>
internal sealed class TracedProcess(int pid, WorkingDirectory directory)
{
    private byte[] pending = [];
    private int pendingLength;

    public int Pid { get; } = pid;

    public WorkingDirectory Directory { get; set; } = directory;

    /// <summary>False when its first line came before its parent's clone returned and several parents were possible.</summary>
    public bool HasParent { get; set; } = true;

    /// <summary>The call that is under way.</summary>
    public CallShape? PendingCall { get; private set; }

    /// <summary>The child that an unfinished clone was taken to be the parent of; 0 for none.</summary>
    public int PendingChild { get; set; }

    public ReadOnlySpan<byte> PendingText => pending.AsSpan(0, pendingLength);

    public void Suspend(CallShape call, ReadOnlySpan<byte> text)
    {
        if (pending.Length < text.Length)
            pending = new byte[Math.Max(512, text.Length)];
        text.CopyTo(pending);
        pendingLength = text.Length;
        PendingCall = call;
        PendingChild = 0;
    }

    public void Settle()
    {
        PendingCall = null;
        PendingChild = 0;
        pendingLength = 0;
        if (pending.Length > 4096)
            pending = [];
    }

    /// <summary>Takes over the call of a thread that execve turned into this one.</summary>
    public void TakeOver(TracedProcess thread)
    {
        Suspend(thread.PendingCall!, thread.PendingText);
        Directory = thread.Directory;
    }
}
