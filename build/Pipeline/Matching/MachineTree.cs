using System.Text;
using Gfxbake.Formats.Images;
using Gfxbake.Formats.Tar;
using Gfxbake.Pipeline.Run;

namespace Gfxbake.Pipeline.Matching;

/// <summary>A machine's files, with the folders beside it that the command line names.</summary>
public sealed class MachineTree
{
    private readonly string root;

    /// <param name="root">A folder with the files of a machine; "/" is this one.</param>
    /// <param name="given">Folders that the command line names, absolute; those outside the root are seen as if they were mounted.</param>
    public MachineTree(string root, params IEnumerable<string> given)
    {
        this.root = root.TrimEnd('/');
        Files = new FolderTree(root, given.Where(g => !IsBelow(g)).Distinct().ToDictionary(g => g.TrimEnd('/'), g => g));
        Host = new HostTree(root);
    }

    public IFileTree Files { get; }

    /// <summary>The same machine for short texts, which the kernel may make up.</summary>
    public HostTree Host { get; }

    /// <summary>Where a folder of the command line is seen in the tree.</summary>
    public string PathOf(string given) => IsBelow(given) ? "/" + given[root.Length..].Trim('/') : given.TrimEnd('/');

    /// <summary>The file itself that a path leads to; null when it leads to none.</summary>
    public string? FileAt(string path) =>
        Files.Resolve(path).Target is { Kind: EntryKind.File or EntryKind.HardLink } file ? file.Path : null;

    /// <summary>A file's first bytes as text; null when it is no file or may not be read.</summary>
    public string? Text(string path)
    {
        if (Files.Resolve(path).Target is not { Kind: EntryKind.File or EntryKind.HardLink } file)
            return null;
        try
        {
            using var stream = Files.OpenFile(file);
            var buffer = new byte[HostTree.MostBytes];
            return Encoding.UTF8.GetString(buffer, 0, stream.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false));
        }
        catch (IOException)
        {
            return null;
        }
    }

    private bool IsBelow(string folder) => folder.StartsWith(root + "/", StringComparison.Ordinal);
}
