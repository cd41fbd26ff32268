namespace Gfxbake.Core.Traces;

public enum AccessOutcome
{
    /// <summary>The call succeeded on the path.</summary>
    Found,

    /// <summary>ENOENT or ENOTDIR: nothing is there.</summary>
    Missing,

    /// <summary>Any other error (EACCES, ELOOP, EEXIST, EINVAL of readlink on what is no link): something is there, or nobody knows.</summary>
    Failed,
}

/// <summary>One path that one system call of the traced program touched.</summary>
/// <param name="Pid">The thread that called.</param>
/// <param name="Call">The system call's name, for instance "openat".</param>
/// <param name="Path">Absolute, against the caller's working directory or directory descriptor, '.' and '//' taken out, '..' left for the walk.</param>
/// <param name="Outcome">What came of it.</param>
public sealed record TracedAccess(int Pid, string Call, string Path, AccessOutcome Outcome);
