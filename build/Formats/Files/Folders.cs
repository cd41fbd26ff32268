namespace Gfxbake.Formats.Files;

/// <summary>Folders that a step fills anew.</summary>
public static class Folders
{
    /// <summary>Makes a folder, or deletes what is in it; of a link only the link goes, never what it leads to.</summary>
    public static string Empty(string folder)
    {
        if (Directory.Exists(folder))
            Directory.Delete(folder, recursive: true);
        return Directory.CreateDirectory(folder).FullName;
    }
}
