using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;

namespace Gfxbake.Formats.Rooted;

/// <summary>
/// A tree that is changed without ever leaving it: every path is walked folder by folder, and a link on the way is refused. So nobody can
/// turn a folder into a link between the look and the write.
/// </summary>
public sealed class RootFolder : IDisposable
{
    private const int MostLinks = 40;

    private readonly SafeFileHandle root;
    private readonly Action<string>? before;

    /// <param name="path">The tree; "/" is this machine.</param>
    /// <param name="before">Told each write before it happens; for tests that let it fail.</param>
    /// <exception cref="RootFolderException">It is no folder.</exception>
    public RootFolder(string path, Action<string>? before = null)
    {
        Path = path;
        this.before = before;
        root = Native.Open(path, Native.PathOnly | Native.Folder);
        if (root.IsInvalid)
            throw RootFolderException.Last("open", path);
    }

    public string Path { get; }

    /// <summary>What is there; a link is not followed. Null where nothing is.</summary>
    public RootEntry? Look(string path)
    {
        using var place = TryParent(path);
        return place is null ? null : Native.Look(place.Folder, place.Name, path);
    }

    /// <summary>The path without links, each followed as if the tree were "/"; null where there is nothing.</summary>
    public string? Resolve(string path)
    {
        var left = new Stack<string>(path.Split('/', StringSplitOptions.RemoveEmptyEntries).Reverse());
        List<string> done = [];
        for (var links = 0; left.TryPop(out var part); )
        {
            if (part == "..")
                done = [.. done.SkipLast(1)];
            if (part is "." or "..")
                continue;
            var at = "/" + string.Join('/', [.. done, part]);
            if (Look(at) is not { } entry)
                return null;
            if (entry.Kind != RootEntryKind.Link)
            {
                done.Add(part);
                continue;
            }

            if (++links > MostLinks)
                return null;
            if (entry.Target!.StartsWith('/'))
                done = [];
            foreach (var next in entry.Target.Split('/', StringSplitOptions.RemoveEmptyEntries).Reverse())
                left.Push(next);
        }

        return "/" + string.Join('/', done);
    }

    /// <summary>Opens a file; a link is refused.</summary>
    public FileStream Open(string path)
    {
        using var place = Parent(path);
        if (Native.Look(place.Folder, place.Name, path)?.Kind != RootEntryKind.File)
            throw new RootFolderException("read", path, Native.InvalidArgument, "is no file");
        return new FileStream(Native.OpenAt(place.Folder, place.Name, Native.ReadOnly, 0, "read", path), FileAccess.Read);
    }

    public string Sha256(string path)
    {
        using var stream = Open(path);
        return Convert.ToHexStringLower(SHA256.HashData(stream));
    }

    /// <summary>Names in a folder, sorted.</summary>
    public IReadOnlyList<string> Names(string path)
    {
        using var folder = OpenFolder(path, Native.ReadOnly);
        // The kernel's own name of what is open: no link can come between.
        return
        [
            .. Directory
                .EnumerateFileSystemEntries(
                    $"/proc/self/fd/{folder.DangerousGetHandle()}",
                    "*",
                    new EnumerationOptions { AttributesToSkip = 0 }
                )
                .Select(e => System.IO.Path.GetFileName(e))
                .Order(StringComparer.Ordinal),
        ];
    }

    public void MakeFolder(string path, int mode)
    {
        using var place = Parent(path);
        Say("make", path);
        Native.Check(Native.MakeDirectory(place.Folder, place.Name, mode), "make", path);
        // The umask has taken some away.
        Native.Check(Native.ChangeMode(place.Folder, place.Name, mode, 0), "make", path);
    }

    public void MakeLink(string path, string target)
    {
        using var place = Parent(path);
        Say("link", path);
        Native.Check(Native.SymbolicLink(target, place.Folder, place.Name), "link", path);
    }

    /// <summary>Writes a file under another name first, so that under its own it is whole or not there.</summary>
    /// <param name="path">The file.</param>
    /// <param name="content">All of it.</param>
    /// <param name="mode">Its rights.</param>
    /// <param name="replace">Whether there may be one already.</param>
    public void MakeFile(string path, ReadOnlySpan<byte> content, int mode, bool replace = false)
    {
        using var place = Parent(path);
        var partial = place.Name + PartialEnding;
        Say("write", path);
        using (
            var file = Native.OpenAt(
                place.Folder,
                partial,
                Native.WriteOnly | Native.Create | (replace ? Native.Truncate : Native.Exclusive),
                mode,
                "write",
                path
            )
        )
        {
            Say("write", path);
            Write(file, content, path);
            Native.Check(Native.ChangeFileMode(file, mode), "write", path);
            Native.Check(Native.Sync(file), "write", path);
        }

        Say("name", path);
        Native.Check(Native.Rename(place.Folder, partial, place.Folder, place.Name, replace ? 0u : Native.NoReplace), "write", path);
    }

    /// <summary>Ending of a file that is being written.</summary>
    public const string PartialEnding = ".gfxbake-partial";

    /// <summary>Removes a file or a link, if it is there.</summary>
    public void Remove(string path)
    {
        using var place = TryParent(path);
        if (place is null || Native.Look(place.Folder, place.Name, path) is null)
            return;
        Say("remove", path);
        Native.Check(Native.Unlink(place.Folder, place.Name, 0), "remove", path);
    }

    /// <summary>Removes a folder if it is there and empty; false when something is in it.</summary>
    public bool RemoveFolder(string path)
    {
        using var place = TryParent(path);
        if (place is null || Native.Look(place.Folder, place.Name, path) is null)
            return true;
        Say("remove", path);
        var result = Native.Unlink(place.Folder, place.Name, Native.RemoveDirectory);
        if (result != 0 && Native.LastError is Native.NotEmpty or Native.Exists)
            return false;
        Native.Check(result, "remove", path);
        return true;
    }

    /// <summary>Gives a folder the time of its last change, to the nanosecond.</summary>
    public void SetTime(string path, RootTime time)
    {
        using var place = Parent(path);
        Say("date", path);
        Native.SetTime(place.Folder, place.Name, time, path);
    }

    /// <summary>Sees to it that a folder's entries are on the disk.</summary>
    public void Sync(string path)
    {
        using var folder = OpenFolder(path, Native.ReadOnly);
        Native.Check(Native.Sync(folder), "write", path);
    }

    /// <summary>Opens a folder and locks it for this process; null when another has it.</summary>
    public SafeFileHandle? TryLock(string path)
    {
        var folder = OpenFolder(path, Native.ReadOnly);
        if (Native.Lock(folder, Native.LockExclusive | Native.LockNonBlocking) == 0)
            return folder;
        folder.Dispose();
        return null;
    }

    /// <summary>Whether an opened folder is still the one at a path: whoever had it before may have removed it.</summary>
    public bool Is(SafeFileHandle opened, string path) =>
        Look(path)?.Identity is { } there && there == Native.LookAt(opened, path).Identity;

    public void Dispose() => root.Dispose();

    private static void Write(SafeFileHandle file, ReadOnlySpan<byte> content, string path)
    {
        try
        {
            RandomAccess.Write(file, content, 0);
        }
        catch (IOException error) when (error is not RootFolderException)
        {
            throw new RootFolderException("write", path, error.HResult);
        }
    }

    private void Say(string what, string path) => before?.Invoke($"{what} {path}");

    private Place Parent(string path) => Walk(path, required: true)!;

    private Place? TryParent(string path) => Walk(path, required: false);

    private SafeFileHandle OpenFolder(string path, int flags)
    {
        using var place = Parent(path);
        return Native.OpenAt(place.Folder, place.Name, flags | Native.Folder, 0, "open", path);
    }

    private Place? Walk(string path, bool required)
    {
        var parts = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        if (!path.StartsWith('/') || parts.Any(p => p is "." or ".." || p.Contains('\0')))
            throw new RootFolderException("open", path, Native.InvalidArgument, "is no plain path");
        if (parts.Length == 0)
            return new Place(Native.OpenAt(root, ".", Native.PathOnly | Native.Folder, 0, "open", path), ".");
        var at = Native.OpenAt(root, ".", Native.PathOnly | Native.Folder, 0, "open", path);
        for (var i = 0; i < parts.Length - 1; i++)
        {
            var next = Native.TryOpenAt(at, parts[i], Native.PathOnly | Native.Folder);
            var error = Native.LastError;
            at.Dispose();
            at = next;
            if (!next.IsInvalid)
                continue;
            if (!required && error == Native.NoEntry)
                return null;
            var folder = "/" + string.Join('/', parts.Take(i + 1));
            throw error is Native.NotDirectory or Native.Loop
                ? new RootFolderException("open", path, error, $"lies behind {folder}, which is a link or no folder")
                : new RootFolderException("open", path, error);
        }

        return new Place(at, parts[^1]);
    }

    /// <summary>An opened folder, and a name in it.</summary>
    private sealed record Place(SafeFileHandle Folder, string Name) : IDisposable
    {
        public void Dispose() => Folder.Dispose();
    }
}
