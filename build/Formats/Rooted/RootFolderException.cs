using System.Runtime.InteropServices;

namespace Gfxbake.Formats.Rooted;

/// <summary>Something below a root could not be read or changed.</summary>
/// <param name="doing">What was tried: write, remove, …</param>
/// <param name="path">Below the root.</param>
/// <param name="error">The kernel's number.</param>
/// <param name="text">What is wrong, as the rest of a sentence that starts with the path; null: what the number says.</param>
public sealed class RootFolderException(string doing, string path, int error, string? text = null)
    : IOException($"can't {doing} {path}: {(text is null ? Words(error) : $"it {text}")}", error)
{
    private const int NotPermitted = 1,
        NoEntry = 2,
        NoAccess = 13,
        Exists = 17,
        NotFolder = 20,
        NoSpace = 28,
        ReadOnly = 30,
        Loop = 40,
        OverQuota = 122;

    public bool IsThere => HResult == Exists;

    /// <summary>Whether somebody removed it meanwhile.</summary>
    public bool IsGone => HResult == NoEntry;

    /// <summary>Whether a folder on the way is a link, or none.</summary>
    public bool IsBehindLink => HResult is NotFolder or Loop;

    internal static RootFolderException Last(string doing, string path) => new(doing, path, Marshal.GetLastPInvokeError());

    private static string Words(int error) =>
        error switch
        {
            NotPermitted or NoAccess => "no right to; run it as root (sudo)",
            NoEntry => "it is not there",
            Exists => "something of that name is there, and it is not of this switch",
            NoSpace or OverQuota => "the disk is full",
            ReadOnly => "the file system is read-only",
            _ => Marshal.GetPInvokeErrorMessage(error),
        };
}
