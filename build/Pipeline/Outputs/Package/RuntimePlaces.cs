using Gfxbake.Formats.Tar;

namespace Gfxbake.Pipeline.Outputs.Package;

/// <summary>Where the paths of an image lie once a package is installed.</summary>
/// <param name="Package">Name of the package.</param>
public sealed record RuntimePlaces(string Package)
{
    // Debian's places of licence texts (policy 12.5), and that of RPMs; distributions that take packages of ours look in the last.
    private static readonly string[] Documents = ["/usr/share/doc", "/usr/share/common-licenses", "/usr/share/licenses"];

    /// <summary>The folder of everything that is private to the package.</summary>
    public string Home => "/usr/lib/" + Package;

    /// <summary>The last directory of the programs' search path. What lies in it is no library, and the loader looks no further.</summary>
    public string Absent => Home + "/absent";

    /// <summary>Where somebody may put the libraries back that have stand-ins which answer; no package fills it.</summary>
    public string Compiler => Home + "/compiler";

    public string Licenses => "/usr/share/licenses/" + Package;

    /// <summary>Private files lie as in the image, so that what points from one to another stays right.</summary>
    public string Of(string path) =>
        Below(path, Documents[0]) is { } document ? Licenses + document
        : Below(path, Documents[1]) is { } text ? $"{Licenses}/common-licenses{text}"
        : Below(path, Documents[2]) is { } licence ? Licenses + licence
        : path == "/" ? Home
        : Home + path;

    /// <summary>Whether an installed path is in neither of the package's own folders.</summary>
    public bool IsOutside(string path) => Below(path, Home) is null && Below(path, Licenses) is null;

    /// <summary>The text of a link at one path to another, relative, so that an installation in another root works too.</summary>
    public static string Relative(string link, string target)
    {
        var from = ImagePath.Parent(link).Split('/', StringSplitOptions.RemoveEmptyEntries);
        var to = target.Split('/', StringSplitOptions.RemoveEmptyEntries);
        var common = from.Zip(to).TakeWhile(p => p.First == p.Second).Count();
        IEnumerable<string> words = [.. Enumerable.Repeat("..", from.Length - common), .. to.Skip(common)];
        return string.Join('/', words) is { Length: > 0 } text ? text : ".";
    }

    private static string? Below(string path, string folder) =>
        path.StartsWith(folder, StringComparison.Ordinal) && (path.Length == folder.Length || path[folder.Length] == '/')
            ? path[folder.Length..]
            : null;
}
