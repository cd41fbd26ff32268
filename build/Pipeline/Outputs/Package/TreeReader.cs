using System.Text.RegularExpressions;
using Gfxbake.Formats.Text;
using Gfxbake.Recipes.Model;

namespace Gfxbake.Pipeline.Outputs.Package;

/// <summary>Reads the files that a recipe adds to its packages. A source may be anybody's, so nothing in it leads out of it.</summary>
/// <param name="places">Where a package puts its files.</param>
public sealed partial class TreeReader(RuntimePlaces places)
{
    private const int MostFiles = 2000,
        MostBytes = 16 << 20,
        Program = 0x1ed,
        Plain = 0x1a4;

    private int count;
    private long bytes;

    /// <param name="tree">What is wanted.</param>
    /// <param name="root">The folder recipes/, or that of the source.</param>
    /// <returns>By path in ordinal order.</returns>
    /// <exception cref="PackageException">Something is missing, is a link, has an odd name, or is too large.</exception>
    public IReadOnlyList<TreeFile> Read(PackageTree tree, string root)
    {
        var target = Installed(tree.Target);
        var path = Inside(tree, root);
        if (File.Exists(path))
        {
            return tree.Files.Count == 0
                ? [Take(path, tree.Source, target, tree.Replaced)]
                : throw Wrong(tree.Source, "is a file, so 'files' says nothing");
        }

        if (tree.Replaced is not null)
            throw Wrong(tree.Source, "is a folder, and only a file can stand in another's place");
        var globs = tree.Files.Select(PathGlob.Parse).ToList();
        List<string> found = [.. Below(path, tree.Source, "").Where(f => globs.Count == 0 || globs.Exists(g => g.IsMatch(f)))];
        foreach (var glob in globs.Where(g => !found.Exists(g.IsMatch)))
            throw Wrong(tree.Source, $"has nothing that '{glob.Text}' fits");
        if (found.Count == 0)
            throw Wrong(tree.Source, "is empty");
        return [.. found.Order(StringComparer.Ordinal).Select(f => Take(path + f, tree.Source + f, target + f, null))];
    }

    private string Installed(string target) =>
        target
            .Replace(PackageTree.Home, places.Home, StringComparison.Ordinal)
            .Replace(PackageTree.Licenses, places.Licenses, StringComparison.Ordinal);

    /// <summary>The path of a tree, to which no link leads.</summary>
    private static string Inside(PackageTree tree, string root)
    {
        var path = root;
        foreach (var name in tree.Source.Split('/'))
        {
            path = Path.Combine(path, name);
            if (new FileInfo(path).LinkTarget is not null)
                throw Wrong(tree.Source, "is a link, or leads through one");
        }

        return File.Exists(path) || Directory.Exists(path)
            ? path
            : throw Wrong(tree.Source, $"is not there{(tree.From is { } from ? $" in the source {from}" : "")}");
    }

    /// <summary>Paths of all files below a folder, each with a slash before it.</summary>
    private static IEnumerable<string> Below(string folder, string shown, string prefix)
    {
        foreach (var entry in new DirectoryInfo(folder).EnumerateFileSystemInfos())
        {
            var path = $"{prefix}/{entry.Name}";
            if (!Name().IsMatch(entry.Name))
                throw Wrong(shown, "has a file or folder whose name is not of letters, digits and ._+@-");
            if (entry.LinkTarget is not null)
                throw Wrong(shown + path, "is a link");
            foreach (var file in entry is DirectoryInfo ? Below(entry.FullName, shown, path) : [path])
                yield return file;
        }
    }

    private TreeFile Take(string path, string shown, string target, string? replaced)
    {
        var file = new FileInfo(path);
        if ((file.Attributes & FileAttributes.Device) != 0 || ++count > MostFiles || (bytes += file.Length) > MostBytes)
            throw Wrong(shown, $"is no file, or one too many: trees hold {MostFiles} files and {MostBytes >> 20} MiB at most");
        var mode = (file.UnixFileMode & UnixFileMode.UserExecute) != 0 ? Program : Plain;
        return new TreeFile(target, mode, File.ReadAllBytes(path), replaced);
    }

    private static PackageException Wrong(string source, string what) => new($"packages.trees: {source} {what}");

    [GeneratedRegex(@"\A[A-Za-z0-9._+@-]{1,255}\z")]
    private static partial Regex Name();
}
