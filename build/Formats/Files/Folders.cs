namespace Gfxbake.Formats.Files;

/// <summary>Folders that a step fills anew.</summary>
public static class Folders
{
    /// <summary>Makes a folder, or deletes what is in it; of a link only the link goes, never what it leads to.</summary>
    public static string Empty(string folder)
    {
        Remove(folder);
        return Directory.CreateDirectory(folder).FullName;
    }

    /// <summary>Deletes a folder that may be there; of a link only the link goes, never what it leads to.</summary>
    public static void Remove(string folder)
    {
        if (Directory.Exists(folder))
            Directory.Delete(folder, recursive: true);
    }

    /// <summary>A folder for a container's user, who is none of this machine's: open to all, inside one that is not.</summary>
    /// <param name="outer">The one that is not.</param>
    /// <param name="name">Name of the folder inside.</param>
    /// <returns>The folder that is open.</returns>
    public static string OpenToAll(string outer, string name)
    {
        Directory.CreateDirectory(outer, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var open = Directory.CreateDirectory(Path.Combine(outer, name)).FullName;
        File.SetUnixFileMode(open, (UnixFileMode)0b111_111_111);
        return open;
    }
}
