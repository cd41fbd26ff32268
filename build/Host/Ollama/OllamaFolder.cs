using Cake.Core;
using Gfxbake.Formats.Files;
using Gfxbake.Formats.Text;
using Gfxbake.Pipeline.Building;

namespace Gfxbake.Host.Ollama;

/// <summary>The folder that Ollama's files are collected in, in its own layout; it appears whole or not at all.</summary>
/// <param name="folder">The folder.</param>
internal sealed class OllamaFolder(string folder)
{
    /// <summary>Where files are put until all of them are there.</summary>
    public string Partial => folder + AtomicFile.PartialEnding;

    public void Begin()
    {
        Folders.Empty(Partial);
    }

    /// <exception cref="CakeException">The build has made no such file.</exception>
    public void Collect(string build, CollectedFiles rule)
    {
        var from = Path.Combine(build, Path.GetDirectoryName(rule.From)!);
        var names = Directory.Exists(from)
            ? Directory
                .EnumerateFiles(from)
                .Select(f => Path.GetFileName(f))
                .Where(n => PathGlob.Matches(Path.GetFileName(rule.From), n))
                .Order(StringComparer.Ordinal)
                .ToList()
            : [];
        if (names.Count == 0)
            throw new CakeException($"{build} was built, and has no {rule.From}");
        var to = Directory.CreateDirectory(Path.Combine(Partial, rule.To)).FullName;
        foreach (var name in names)
            Copy(new FileInfo(Path.Combine(from, name)), Path.Combine(to, name));
    }

    /// <summary>What is there, sorted by path.</summary>
    public static IReadOnlyList<OllamaFile> List(string folder) =>
        [
            .. Directory
                .EnumerateFiles(folder, "*", SearchOption.AllDirectories)
                .Order(StringComparer.Ordinal)
                .Select(f => (File: new FileInfo(f), Path: Path.GetRelativePath(folder, f)))
                .Select(f =>
                    f.File.LinkTarget is { } link
                        ? new OllamaFile(f.Path, 0, null, link)
                        : new OllamaFile(f.Path, f.File.Length, Fingerprint.OfFile(f.File.FullName), null)
                ),
        ];

    /// <summary>Whether every file of a record is there, as long as it was.</summary>
    public bool Has(IReadOnlyList<OllamaFile> files) =>
        files.Count > 0
        && files.All(f =>
            new FileInfo(Path.Combine(folder, f.Path)) is { } file
            && (f.Link is null ? file is { Exists: true, LinkTarget: null } && file.Length == f.Bytes : file.LinkTarget == f.Link)
        );

    public void Finish()
    {
        Folders.Remove(folder);
        Directory.Move(Partial, folder);
    }

    private static void Copy(FileInfo file, string to)
    {
        // libggml-base.so is a link to its neighbour; two builds may have the same one.
        File.Delete(to);
        if (file.LinkTarget is { } link && !link.Contains('/'))
            File.CreateSymbolicLink(to, link);
        else
            File.Copy(file.FullName, to);
    }
}
