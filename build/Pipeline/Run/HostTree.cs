using System.IO.Enumeration;
using System.Runtime.InteropServices;
using System.Text;
using Gfxbake.Formats.Files;

namespace Gfxbake.Pipeline.Run;

/// <summary>
/// The files of a machine, or of a recorded one, below a root. No link leads out of the root, and what is read is bounded: whoever made
/// the tree may be hostile.
/// </summary>
/// <param name="root">A folder; "/" is this machine.</param>
/// <param name="access">Whether this user may read and write a file; left out, the kernel is asked.</param>
/// <param name="groups">The number of a file's group; left out, the kernel is asked.</param>
/// <param name="free">Bytes that are free where a folder lies; left out, the kernel is asked, of this machine only.</param>
public sealed partial class HostTree(
    string root,
    Func<string, bool>? access = null,
    Func<string, uint?>? groups = null,
    Func<string, long?>? free = null
)
{
    /// <summary>How much of a file is read.</summary>
    public const int MostBytes = 64 * 1024;

    /// <summary>How many files one pattern finds.</summary>
    public const int MostFiles = 64;

    private const int MostNames = 4096;
    private const int MostLinks = 40;

    private static readonly EnumerationOptions Everything = new() { AttributesToSkip = 0, IgnoreInaccessible = true };

    /// <summary>The paths below the root that a pattern names and that are there, each with '/' in front.</summary>
    /// <param name="pattern">A path without '/' in front; '*' stays within a component.</param>
    /// <param name="links">Links, wherever they point to, instead of what they point to.</param>
    public IReadOnlyList<string> Find(string pattern, bool links = false)
    {
        List<string> found = [""];
        foreach (var component in pattern.Split('/'))
        {
            found =
            [
                .. found
                    .SelectMany(f => component.Contains('*', StringComparison.Ordinal) ? Children(f, component) : [$"{f}/{component}"])
                    .Take(MostFiles),
            ];
        }

        return [.. found.Where(f => (links ? Link(f) : Resolve(f)) is not null)];
    }

    /// <summary>A file's first bytes as text; null when it can't be read or is no file.</summary>
    public string? Read(string path)
    {
        // A pipe or a device could keep its reader waiting.
        if (Resolve(path) is not { } real || FileStatus.Of(real) is not { IsFile: true })
            return null;
        try
        {
            using var stream = new FileStream(real, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0);
            var buffer = new byte[MostBytes];
            return Encoding.UTF8.GetString(buffer, 0, stream.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            return null;
        }
    }

    /// <summary>Where a link points to; null when it is none.</summary>
    public string? Link(string path)
    {
        var last = path.LastIndexOf('/');
        return Resolve(path[..last]) is { } folder ? Target(folder + path[last..]) : null;
    }

    /// <summary>Whether this user may read and write it.</summary>
    public bool IsOpen(string path) => Resolve(path) is { } real && (access ?? MayUse)(real);

    /// <summary>The number of the group that owns it; null when it is not there.</summary>
    public uint? Group(string path) => Resolve(path) is { } real ? (groups ?? GroupOf)(real) : null;

    /// <summary>Bytes that are free where a file or folder lies; null when that can't be told.</summary>
    public long? Free(string path) => Resolve(path) is { } real ? (free ?? (root == "/" ? FreeOf : _ => null))(real) : null;

    private static long? FreeOf(string real)
    {
        try
        {
            return new DriveInfo(real).AvailableFreeSpace;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return null;
        }
    }

    private IEnumerable<string> Children(string folder, string component)
    {
        if (Resolve(folder) is not { } real || !Directory.Exists(real))
            return [];
        try
        {
            return
            [
                .. Directory
                    .EnumerateFileSystemEntries(real, "*", Everything)
                    .Take(MostNames)
                    .Select(e => System.IO.Path.GetFileName(e))
                    .Where(n => FileSystemName.MatchesSimpleExpression(component, n, ignoreCase: false))
                    // card2 before card10.
                    .OrderBy(n => n.Length)
                    .ThenBy(n => n, StringComparer.Ordinal)
                    .Select(n => $"{folder}/{n}"),
            ];
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    /// <summary>The file itself, with every link on the way followed as if the root were "/"; null when there is none.</summary>
    private string? Resolve(string path)
    {
        var left = new Stack<string>(path.Split('/', StringSplitOptions.RemoveEmptyEntries).Reverse());
        List<string> done = [];
        for (var links = 0; left.TryPop(out var component); )
        {
            if (component == "..")
                done = [.. done.SkipLast(1)];
            if (component is "." or "..")
                continue;
            var real = Real([.. done, component]);
            if (Target(real) is not { } target)
            {
                done.Add(component);
                continue;
            }

            if (++links > MostLinks)
                return null;
            if (target.StartsWith('/'))
                done = [];
            foreach (var part in target.Split('/', StringSplitOptions.RemoveEmptyEntries).Reverse())
                left.Push(part);
        }

        var result = Real(done);
        return File.Exists(result) || Directory.Exists(result) ? result : null;
    }

    private string Real(IEnumerable<string> components) => root.TrimEnd('/') + "/" + string.Join('/', components);

    private static string? Target(string real)
    {
        try
        {
            return new FileInfo(real).LinkTarget;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static uint? GroupOf(string real) => FileStatus.Of(real)?.Group;

    private static bool MayUse(string real)
    {
        const int readAndWrite = 6;
        return Access(real, readAndWrite) == 0;
    }

    [LibraryImport("libc", EntryPoint = "access", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Access(string path, int mode);
}
