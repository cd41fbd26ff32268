namespace Gfxbake.Formats.Tar;

/// <summary>Names of a tar to the absolute, normal paths of an image.</summary>
public static class ImagePath
{
    /// <summary>Drops '.' and empty components; false when there is a '..'.</summary>
    public static bool TryNormalize(string name, out string path)
    {
        var parts = name.Split('/').Where(part => part is not ("" or ".")).ToArray();
        path = "/" + string.Join('/', parts);
        return !parts.Contains("..");
    }

    /// <summary>The directory that holds a normal path; "/" is its own.</summary>
    public static string Parent(string path)
    {
        var slash = path.LastIndexOf('/');
        return slash <= 0 ? "/" : path[..slash];
    }

    public static string Join(string directory, string name) => directory == "/" ? "/" + name : directory + "/" + name;
}
