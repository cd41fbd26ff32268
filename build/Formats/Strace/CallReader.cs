using System.Buffers.Text;

namespace Gfxbake.Formats.Strace;

internal enum CallProgress
{
    Whole,

    /// <summary>Other threads' lines stood between its start and its end.</summary>
    Resumed,

    /// <summary>It never came back: the text may stop after any argument.</summary>
    CutShort,
}

/// <summary>Turns one call's text into accesses and keeps working directories up to date.</summary>
internal sealed class CallReader
{
    private readonly ProcessTable processes;
    private readonly PathBuilder paths = new();
    private readonly DirectoryTracker directories;

    public CallReader(ProcessTable processes)
    {
        this.processes = processes;
        directories = new DirectoryTracker(paths);
    }

    /// <summary>What the last call touched.</summary>
    public List<TracedAccess> Accesses { get; } = [];

    /// <summary>Takes over the working directory that the start of an unfinished call tells.</summary>
    public void Learn(TracedProcess process, CallShape shape, ReadOnlySpan<byte> text)
    {
        if (shape.Arguments.StartsWith('d') && text.StartsWith("AT_FDCWD<"u8) && text.IndexOf((byte)'>') is var end and > 0)
            directories.Learn(process, text[..(end + 1)]);
    }

    /// <summary>Reads a call from what follows its opening bracket.</summary>
    /// <returns>What is wrong, or null.</returns>
    public string? Read(TracedProcess process, CallShape shape, ReadOnlySpan<byte> text, CallProgress progress)
    {
        if (CallText.Parse(text, progress != CallProgress.CutShort, out CallText call) is { } unreadable)
        {
            return unreadable;
        }
        AccessOutcome outcome = Outcome(shape, call);
        ReadOnlySpan<byte> descriptor = "AT_FDCWD"u8;
        for (var i = 0; i < shape.Arguments.Length; i++)
        {
            if (i >= call.Count)
                return call.Result == ResultKind.Unknown ? null : $"{shape.Name} has too few arguments";
            string? problem = null;
            switch (shape.Arguments[i])
            {
                case 'd':
                    descriptor = call[i];
                    problem = progress == CallProgress.Whole ? directories.Learn(process, descriptor) : null;
                    break;
                case 'p':
                    problem = ReadPath(process, shape, call, call[i], descriptor, outcome);
                    break;
                case 'f':
                    problem = AddDescriptor(process, shape, call[i], outcome);
                    break;
            }
            if (problem is not null)
            {
                return problem;
            }
        }
        return call.Result == ResultKind.Success ? Apply(process, shape, call) : null;
    }

    private static AccessOutcome Outcome(CallShape shape, in CallText call)
    {
        if (call.Result != ResultKind.Error)
            return call.Result == ResultKind.Success ? AccessOutcome.Found : AccessOutcome.Failed;
        bool missing =
            !shape.HasTwoPaths
            && (call.Value.SequenceEqual("ENOENT"u8) || (call.Value.SequenceEqual("ENOTDIR"u8) && !WantsDirectory(shape, call)));
        return missing ? AccessOutcome.Missing : AccessOutcome.Failed;
    }

    private static bool WantsDirectory(CallShape shape, in CallText call) =>
        shape.WantsDirectory
        || call.ArgumentsContain("O_DIRECTORY"u8)
        || call.ArgumentsContain("AT_REMOVEDIR"u8)
        || call.ArgumentsContain("IN_ONLYDIR"u8);

    private string? ReadPath(
        TracedProcess process,
        CallShape shape,
        in CallText call,
        ReadOnlySpan<byte> argument,
        ReadOnlySpan<byte> descriptor,
        AccessOutcome outcome
    )
    {
        if (argument is not [(byte)'"', .., (byte)'"'])
            return ReadOddPath(process, shape, call, argument, descriptor, outcome);
        ReadOnlySpan<byte> text = argument[1..^1];
        if (text.IsEmpty)
        {
            // AT_EMPTY_PATH: the descriptor itself. Without it an empty path is ENOENT, and no path at all.
            return call.Result == ResultKind.Success ? AddDescriptor(process, shape, descriptor, outcome) : null;
        }
        ReadOnlySpan<byte> directory = [];
        if (!PathBuilder.IsAbsolute(text) && !directories.TryBase(process, descriptor, outcome, out directory, out string? problem))
        {
            return problem;
        }
        if (paths.Resolve(text, directory) is not { } path)
            return "the path can't be read";
        // A trailing slash asks for a directory.
        bool mayBeFile =
            outcome == AccessOutcome.Missing && call.Value.SequenceEqual("ENOTDIR"u8) && (text.EndsWith("/"u8) || text.EndsWith("/."u8));
        Add(process, shape, path, mayBeFile ? AccessOutcome.Failed : outcome);
        return shape.Effect == CallEffect.ChangeDirectory && call.Result == ResultKind.Success
            ? directories.Change(process, text, directory)
            : null;
    }

    // NULL stands for the descriptor itself; an address is a path that strace couldn't read, as the kernel mostly couldn't.
    private string? ReadOddPath(
        TracedProcess process,
        CallShape shape,
        in CallText call,
        ReadOnlySpan<byte> argument,
        ReadOnlySpan<byte> descriptor,
        AccessOutcome outcome
    )
    {
        if (argument.EndsWith("\"..."u8))
        {
            // Cut at PATH_MAX, where the kernel gives up, too.
            return call.Result == ResultKind.Error && call.Value.SequenceEqual("ENAMETOOLONG"u8) ? null : "the path is cut short";
        }
        if (argument.SequenceEqual("NULL"u8))
            return call.Result == ResultKind.Success ? AddDescriptor(process, shape, descriptor, outcome) : null;
        return argument.StartsWith("0x"u8) && outcome == AccessOutcome.Failed ? null : "the path argument can't be read";
    }

    private string? AddDescriptor(TracedProcess process, CallShape shape, ReadOnlySpan<byte> descriptor, AccessOutcome outcome)
    {
        if (descriptor.StartsWith("AT_FDCWD"u8))
        {
            if (process.Directory.Path is { } directory)
                Add(process, shape, PathBuilder.Name(directory), outcome);
            return null;
        }
        ReadOnlySpan<byte> text = DescriptorText.Annotation(descriptor, out bool deleted);
        return AddAnnotated(process, shape, text, deleted, outcome == AccessOutcome.Missing ? AccessOutcome.Failed : outcome);
    }

    // Sockets, pipes and the like have no path; a removed file's is of no use to anybody.
    private string? AddAnnotated(TracedProcess process, CallShape shape, ReadOnlySpan<byte> text, bool deleted, AccessOutcome outcome)
    {
        if (deleted || !PathBuilder.IsAbsolute(text))
        {
            return null;
        }
        if (paths.Resolve(text, []) is not { } path)
            return "the descriptor's path can't be read";
        if (Accesses.Count == 0 || Accesses[^1].Path != path)
            Add(process, shape, path, outcome);
        return null;
    }

    private void Add(TracedProcess process, CallShape shape, string path, AccessOutcome outcome) =>
        Accesses.Add(new TracedAccess(process.Pid, shape.Name, path, outcome));

    private string? Apply(TracedProcess process, CallShape shape, in CallText call) =>
        shape.Effect switch
        {
            CallEffect.Open => ApplyOpen(process, shape, call),
            CallEffect.ChangeDirectoryByDescriptor => ApplyFchdir(process, call),
            CallEffect.TellDirectory => call.Count > 0
            && call[0] is [(byte)'"', (byte)'/', .., (byte)'"'] or [(byte)'"', (byte)'/', (byte)'"']
                ? directories.Change(process, call[0][1..^1], [])
                : null,
            CallEffect.Fork => ApplyFork(process, call),
            CallEffect.Unshare or CallEffect.EnterNamespace => ApplyNamespace(process, shape, call),
            CallEffect.Refused => $"{shape.Name} succeeded: the reader can't follow paths past it; take it out of the workload",
            _ => null,
        };

    private string? ApplyOpen(TracedProcess process, CallShape shape, in CallText call) =>
        shape.Arguments.Length == 0 && call.Annotation.IsEmpty
            ? $"{shape.Name} succeeded and the log doesn't tell on which file"
            : AddAnnotated(process, shape, DescriptorText.Path(call.Annotation), call.Deleted, AccessOutcome.Found);

    private string? ApplyFchdir(TracedProcess process, in CallText call)
    {
        ReadOnlySpan<byte> text = DescriptorText.Annotation(call[0], out _);
        return PathBuilder.IsAbsolute(text) ? directories.Change(process, text, []) : "fchdir to a descriptor without a path";
    }

    private string? ApplyFork(TracedProcess process, in CallText call)
    {
        if (call.ArgumentsContain("CLONE_NEWNS"u8))
            return "clone into a new mount namespace: the reader can't follow paths there; take it out of the workload";
        return
            Utf8Parser.TryParse(call.Value, out int child, out int used)
            && used == call.Value.Length
            && child is > 0 and <= StraceReader.HighestPid
            ? processes.Fork(process, child, call.ArgumentsContain("CLONE_FS"u8))
            : "the new thread's number can't be read";
    }

    private static string? ApplyNamespace(TracedProcess process, CallShape shape, in CallText call)
    {
        // setns with 0 takes whatever namespace the descriptor is, which -y tells.
        bool anyKind =
            shape.Effect == CallEffect.EnterNamespace
            && (
                call.Count < 2
                || (
                    call[1].SequenceEqual("0"u8)
                    && DescriptorText.Annotation(call[0], out _) is var kind
                    && (kind.IsEmpty || kind.StartsWith("mnt:"u8))
                )
            );
        if (anyKind || call.ArgumentsContain("CLONE_NEWNS"u8))
            return $"{shape.Name} into another mount namespace: the reader can't follow paths there; take it out of the workload";
        if (call.ArgumentsContain("CLONE_FS"u8) || call.ArgumentsContain("CLONE_NEWUSER"u8))
            process.Directory = process.Directory.Copy();
        return null;
    }
}
