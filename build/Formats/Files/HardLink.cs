using System.Runtime.InteropServices;

namespace Gfxbake.Formats.Files;

/// <summary>Gives a large file a second name, so that it need not be copied.</summary>
public static partial class HardLink
{
    /// <summary>Links where the file system can, else copies.</summary>
    public static void OrCopy(string from, string to)
    {
        if (Link(from, to) != 0)
            File.Copy(from, to);
    }

    [LibraryImport("libc", EntryPoint = "link", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Link(string from, string to);
}
