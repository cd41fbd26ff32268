using System.Security.Cryptography;
using System.Text;
using Gfxbake.Formats.Files;

namespace Gfxbake.Pipeline.Units;

/// <summary>What becomes of a file.</summary>
public enum UnitChange
{
    /// <summary>It was not there.</summary>
    New,

    /// <summary>It has another text than last time.</summary>
    Changed,

    /// <summary>It is there as it would be written.</summary>
    Same,

    /// <summary>Somebody else wrote or changed it.</summary>
    Foreign,
}

/// <summary>
/// A folder with files of units. A list beside them has the SHA-256 of each as it was written (`sha256sum --check` reads it), so that a
/// file that a person has changed is told from one that only gets newer.
/// </summary>
public sealed class UnitFolder(string folder)
{
    /// <summary>The list's name.</summary>
    public const string List = ".gfxbake-units.sha256";

    private const int DigestLength = 64;
    private const string Between = "  ";

    private string ListPath => Path.Combine(folder, List);

    /// <summary>What writing would do with each file.</summary>
    public IReadOnlyList<(UnitFile File, UnitChange Change)> Changes(IReadOnlyList<UnitFile> files)
    {
        var written = Written();
        return [.. files.Select(f => (f, Change(f, written)))];
    }

    /// <summary>Writes all files, or none when one is somebody else's.</summary>
    /// <param name="files">The files.</param>
    /// <param name="force">Write over what others wrote.</param>
    /// <exception cref="UnitException">Others wrote some: all are named.</exception>
    public void Write(IReadOnlyList<UnitFile> files, bool force)
    {
        var changes = Changes(files);
        if (!force && changes.Where(c => c.Change == UnitChange.Foreign).Select(c => c.File.Name).ToList() is { Count: > 0 } foreign)
        {
            throw new UnitException(
                $"{string.Join(", ", foreign)} in {folder}: changed or written by somebody else, so nothing is written; "
                    + "move it away, name another --output=, or say --force to lose it"
            );
        }

        var written = Written();
        foreach (var (file, change) in changes)
        {
            written[file.Name] = Digest(Encoding.UTF8.GetBytes(file.Text));
            if (change != UnitChange.Same)
                AtomicFile.WriteText(Path.Combine(folder, file.Name), file.Text);
        }

        AtomicFile.WriteText(ListPath, string.Concat(written.Select(w => $"{w.Value}{Between}{w.Key}\n")));
    }

    private UnitChange Change(UnitFile file, IReadOnlyDictionary<string, string> written)
    {
        var path = Path.Combine(folder, file.Name);
        // A link may lead to a file of somebody else's: it is theirs whatever it says.
        if (new FileInfo(path).LinkTarget is not null || Directory.Exists(path))
            return UnitChange.Foreign;
        if (!File.Exists(path))
            return UnitChange.New;
        var now = Digest(File.ReadAllBytes(path));
        if (now == Digest(Encoding.UTF8.GetBytes(file.Text)))
            return UnitChange.Same;
        return written.GetValueOrDefault(file.Name) == now ? UnitChange.Changed : UnitChange.Foreign;
    }

    private SortedDictionary<string, string> Written()
    {
        SortedDictionary<string, string> written = new(StringComparer.Ordinal);
        if (!File.Exists(ListPath))
            return written;
        foreach (var line in File.ReadLines(ListPath).Where(l => l.Length > DigestLength + Between.Length))
            written[line[(DigestLength + Between.Length)..]] = line[..DigestLength];
        return written;
    }

    private static string Digest(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));
}
