namespace Gfxbake.Pipeline.Steps;

/// <summary>How a program of others says that it failed for want of disk space.</summary>
/// <remarks>
/// Engines, git and mmdebstrap have one exit status for every failure, and what fails inside of them is another process's write; so their
/// words are the only evidence. These are Go's and the C library's for ENOSPC, in any case of letters.
/// </remarks>
public static class NoSpace
{
    public const string Words = "no space left on device";

    public static bool IsSaidIn(string text) => text.Contains(Words, StringComparison.OrdinalIgnoreCase);
}
