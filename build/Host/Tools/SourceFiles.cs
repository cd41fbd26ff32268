namespace Gfxbake.Host.Tools;

/// <summary>The files of a folder that is no git checkout.</summary>
public static class SourceFiles
{
    /// <summary>Relative paths of all files and links, sorted; links are not followed, and .git is left out.</summary>
    public static IReadOnlyList<string> Below(string folder)
    {
        var found = new List<string>();
        Collect(new DirectoryInfo(folder), "", found);
        return [.. found.Order(StringComparer.Ordinal)];
    }

    private static void Collect(DirectoryInfo folder, string prefix, List<string> found)
    {
        foreach (var entry in folder.EnumerateFileSystemInfos())
        {
            if (entry.Name == ".git")
                continue;
            if (entry is DirectoryInfo { LinkTarget: null } inner)
                Collect(inner, prefix + entry.Name + "/", found);
            // Sockets and pipes of a running program are no sources.
            else if (entry.LinkTarget is not null || entry is FileInfo { UnixFileMode: not UnixFileMode.None } file && IsRegular(file))
                found.Add(prefix + entry.Name);
        }
    }

    private static bool IsRegular(FileInfo file) => (file.Attributes & (FileAttributes.Device | FileAttributes.Directory)) == 0;
}
