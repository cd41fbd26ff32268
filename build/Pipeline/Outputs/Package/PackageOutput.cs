using System.Text.RegularExpressions;
using Gfxbake.Formats.Files;
using Gfxbake.Formats.Images;
using Gfxbake.Formats.Tar;
using Gfxbake.Pipeline.Steps;

namespace Gfxbake.Pipeline.Outputs.Package;

/// <summary>What came out of building a package, in a folder of its own until it has proven itself.</summary>
/// <param name="Folder">Holds the package and small files about it.</param>
/// <param name="Name">The package's file name.</param>
/// <param name="Bytes">Its length.</param>
/// <param name="Sha256">Of its bytes.</param>
public sealed partial record PackageOutput(string Folder, string Name, long Bytes, string Sha256) : IDisposable
{
    private const int MostFiles = 20;

    /// <exception cref="StepException">There is not exactly one package, or something that is no plain file.</exception>
    public static PackageOutput Take(BuildPaths paths, IEngine engine, string image, string ending)
    {
        var folder = Folders.Empty(Path.Combine(paths.Packages, ending + AtomicFile.PartialEnding));
        ExportedImage.Use(engine, paths.Build, image, (files, _) => Extract(files, folder));
        List<string> packages = [.. Fingerprint.FilesOf(folder).Where(f => f.EndsWith(ending, StringComparison.Ordinal))];
        if (packages is not [var name])
        {
            var made = packages.Count == 0 ? "none" : string.Join(", ", packages);
            throw new StepException(
                $"the build was to make one *{ending} and made {made}; " + $"read the log of the build in {paths.Show(paths.Logs)}"
            );
        }

        var file = Path.Combine(folder, name);
        return new PackageOutput(folder, name, new FileInfo(file).Length, Fingerprint.Sha256OfFile(file));
    }

    /// <summary>Whether a file has this package's name and bytes.</summary>
    public bool IsSame(string file) => Path.GetFileName(file) == Name && Fingerprint.Sha256OfFile(file) == Sha256;

    /// <summary>Puts the package among the finished ones, instead of older ones of its name, and what it was made of beside them.</summary>
    /// <param name="packages">Folder of the finished ones.</param>
    /// <param name="sources">Folder for what it was made of.</param>
    /// <param name="context">Folder in which it was made.</param>
    /// <param name="names">Files there with which anybody can make it again.</param>
    /// <param name="older">Whether a file is an older package of the same name.</param>
    public void Publish(string packages, string sources, string context, IEnumerable<string> names, Func<string, bool> older)
    {
        var made = Folders.Empty(sources + AtomicFile.PartialEnding);
        foreach (var name in names)
            File.Copy(Path.Combine(context, name), Path.Combine(made, name));
        foreach (var name in Fingerprint.FilesOf(Folder).Where(f => f != Name))
            File.Move(Path.Combine(Folder, name), Path.Combine(made, name), overwrite: true);
        Folders.Remove(sources);
        Directory.Move(made, sources);
        File.Move(Path.Combine(Folder, Name), Path.Combine(packages, Name), overwrite: true);
        foreach (var name in Fingerprint.FilesOf(packages).Where(f => f != Name && older(f)))
            File.Delete(Path.Combine(packages, name));
    }

    /// <summary>Nothing of a package that did not prove itself stays among the finished ones.</summary>
    public void Dispose()
    {
        Folders.Remove(Folder);
    }

    private static int Extract(ImageFileSystem files, string folder)
    {
        // An engine adds /dev, /etc and the like to what it exports.
        var entries = files.Children("/").Where(e => e.Kind == EntryKind.File).ToList();
        if (entries.Count > MostFiles || entries.FirstOrDefault(e => !FileName().IsMatch(e.Path)) is not null)
            throw new StepException("the build of the package left what is no package; look at docker/packages");
        foreach (var entry in entries)
        {
            using var content = files.OpenFile(entry);
            AtomicFile.Write(Path.Combine(folder, entry.Path[1..]), content.CopyTo);
        }

        return entries.Count;
    }

    [GeneratedRegex(@"\A/[A-Za-z0-9._+~:-]+\z")]
    private static partial Regex FileName();
}
