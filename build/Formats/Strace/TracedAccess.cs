namespace Gfxbake.Formats.Strace;

public enum AccessOutcome
{
    /// <summary>The call succeeded on the path.</summary>
    Found,

    /// <summary>ENOENT, or ENOTDIR for a part of the path before the last: nothing is there, or a link that leads nowhere.</summary>
    Missing,

    /// <summary>
    /// Anything else: another error (EACCES, ELOOP, EEXIST, EINVAL of readlink on what is no link), ENOTDIR where the call
    /// wanted a directory, ENOENT of a call with two paths, a call without result (killed, interrupted). Something is there,
    /// or nobody knows.
    /// </summary>
    Failed,
}

/// <summary>One path that one system call of the traced program touched.</summary>
/// <remarks>
/// Calls that create, change or remove are not marked: what matters is whether the path exists in the image, and a file that
/// the program made itself does not. Whoever compares traces must intersect them with the image's files first.
/// </remarks>
/// <param name="Pid">The thread that called.</param>
/// <param name="Call">The system call's name, for instance "openat".</param>
/// <param name="Path">
/// Absolute, against the caller's working directory or directory descriptor, '.' and '//' taken out, '..' left for the walk.
/// Bytes that aren't UTF-8 are kept as <see cref="PathText"/> says.
/// </param>
/// <param name="Outcome">What came of it.</param>
public sealed record TracedAccess(int Pid, string Call, string Path, AccessOutcome Outcome);
