using Gfxbake.Formats.Files;
using Gfxbake.Formats.Rpm;
using Gfxbake.Recipes.Model;

namespace Gfxbake.Pipeline.Staging;

/// <summary>A folder with packages' files.</summary>
public static class StageFolder
{
    private const string Ending = ".rpm";

    /// <summary>The files of a lock, each with the lock's digest.</summary>
    /// <exception cref="StageException">One is missing, is another file, or stands beside them without a line: all are named.</exception>
    public static List<(LockedPackage Package, string File)> Files(string folder, IReadOnlyList<LockedPackage> packages, string lockFile)
    {
        var there = Packages(folder);
        var problems = new List<string>();
        var files = new List<(LockedPackage, string)>();
        foreach (var package in packages)
        {
            var file = Path.Combine(folder, package.Name);
            if (!there.Remove(file))
                problems.Add($"{package.Name} is not there");
            else if (Fingerprint.Sha256OfFile(file) is var actual && actual != package.Sha256)
                problems.Add($"{package.Name} is another file: its SHA-256 is {actual}, the lock says {package.Sha256}");
            else
                files.Add((package, file));
        }

        problems.AddRange(there.Select(f => $"{Path.GetFileName(f)} has no line in the lock"));
        return problems.Count == 0
            ? files
            : throw new StageException(
                $"{folder} does not have what recipes/{lockFile} says; nothing was staged\n"
                    + string.Join('\n', problems.Select(p => $"  {p}"))
                    + "\nif the files are right, write the lock anew with --update"
            );
    }

    /// <summary>The lock's lines for the packages of these names.</summary>
    /// <exception cref="StageException">One is missing, there twice or damaged.</exception>
    public static IReadOnlyList<LockedPackage> Lock(string folder, IReadOnlyList<string> names, Func<string, string> address)
    {
        var found = Packages(folder).Select(f => (File: f, Name: NameOf(f))).ToLookup(f => f.Name);
        var problems = names
            .Where(n => found[n].Count() != 1)
            .Select(n => found[n].Any() ? $"  {n} is there {found[n].Count()} times" : $"  {n} is missing")
            .ToList();
        if (problems.Count > 0)
            throw new StageException($"{folder} does not have each package once\n{string.Join('\n', problems)}");
        return
        [
            .. names
                .Select(n => found[n].Single().File)
                .Select(f => new LockedPackage(address(f), DigestOfWhole(f)))
                .OrderBy(p => p.Name, StringComparer.Ordinal),
        ];
    }

    private static SortedSet<string> Packages(string folder) =>
        new(Directory.EnumerateFiles(folder).Where(f => f.EndsWith(Ending, StringComparison.Ordinal)), StringComparer.Ordinal);

    private static string NameOf(string file)
    {
        using var stream = File.OpenRead(file);
        return Open(file, stream).Name;
    }

    /// <summary>A file that came damaged must not become the right one.</summary>
    private static string DigestOfWhole(string file)
    {
        using var stream = new HashedFile(file);
        return Open(file, stream).PayloadIsWhole()
            ? stream.Finish()
            : throw new StageException($"{file}: its files have another SHA-256 than its header says: it is damaged");
    }

    private static RpmArchive Open(string file, Stream stream)
    {
        try
        {
            return RpmArchive.Open(stream);
        }
        catch (FormatException error)
        {
            throw new StageException($"{file}: {error.Message}");
        }
    }
}
