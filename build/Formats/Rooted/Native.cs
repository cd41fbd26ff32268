using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Gfxbake.Formats.Rooted;

/// <summary>The calls of the kernel that take an open folder and a name in it; .NET has only those that take whole paths.</summary>
internal static partial class Native
{
    public const int ReadOnly = 0,
        WriteOnly = 1,
        Create = 0x40,
        Exclusive = 0x80,
        Truncate = 0x200,
        Folder = 0x10000,
        PathOnly = 0x200000;

    public const int NoEntry = 2,
        Exists = 17,
        NotDirectory = 20,
        InvalidArgument = 22,
        NotEmpty = 39,
        Loop = 40;

    public const int RemoveDirectory = 0x200;
    public const uint NoReplace = 1;
    public const int LockExclusive = 2,
        LockNonBlocking = 4;

    private const int NoFollow = 0x20000,
        CloseOnExec = 0x80000,
        LinkItself = 0x100,
        EmptyPath = 0x1000,
        NoTime = 0x3FFFFFFE;

    private const uint AllOfIt = 0x7FF;

    public static int LastError => Marshal.GetLastPInvokeError();

    public static SafeFileHandle Open(string path, int flags) => new(OpenPath(path, flags | CloseOnExec), ownsHandle: true);

    public static SafeFileHandle TryOpenAt(SafeFileHandle folder, string name, int flags, int mode = 0) =>
        new(OpenIn(folder, name, flags | NoFollow | CloseOnExec, mode), ownsHandle: true);

    public static SafeFileHandle OpenAt(SafeFileHandle folder, string name, int flags, int mode, string doing, string path)
    {
        var opened = TryOpenAt(folder, name, flags, mode);
        return opened.IsInvalid ? throw RootFolderException.Last(doing, path) : opened;
    }

    public static void Check(int result, string doing, string path)
    {
        if (result != 0)
            throw RootFolderException.Last(doing, path);
    }

    public static RootEntry? Look(SafeFileHandle folder, string name, string path)
    {
        if (Stat(folder, name, LinkItself, AllOfIt, out var status) != 0)
            return LastError == NoEntry ? null : throw RootFolderException.Last("look at", path);
        var entry = Entry(status);
        return entry.Kind == RootEntryKind.Link ? entry with { Target = Target(folder, name, path) } : entry;
    }

    public static RootEntry LookAt(SafeFileHandle opened, string path)
    {
        Check(Stat(opened, "", EmptyPath, AllOfIt, out var status), "look at", path);
        return Entry(status);
    }

    public static void SetTime(SafeFileHandle folder, string name, RootTime time, string path)
    {
        Span<long> times = [0, NoTime, time.Seconds, time.Nanoseconds];
        Check(SetTimes(folder, name, times, LinkItself), "date", path);
    }

    private static string Target(SafeFileHandle folder, string name, string path)
    {
        Span<byte> buffer = stackalloc byte[4096];
        var length = ReadLink(folder, name, buffer, buffer.Length);
        return length < 0 ? throw RootFolderException.Last("read", path) : System.Text.Encoding.UTF8.GetString(buffer[..(int)length]);
    }

    private static RootEntry Entry(Status status) =>
        new(
            (status.Mode & 0xF000) switch
            {
                0x8000 => RootEntryKind.File,
                0x4000 => RootEntryKind.Folder,
                0xA000 => RootEntryKind.Link,
                _ => RootEntryKind.Other,
            },
            status.Mode & 0xFFF,
            status.Owner,
            status.Group,
            (long)status.Size,
            new RootTime(status.Seconds, status.Nanoseconds),
            (((ulong)status.DeviceMajor << 32) | status.DeviceMinor, status.Inode)
        );

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int OpenPath(string path, int flags);

    [LibraryImport("libc", EntryPoint = "openat", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int OpenIn(SafeFileHandle folder, string name, int flags, int mode);

    // It lies the same on every architecture, which struct stat does not.
    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Stat(SafeFileHandle folder, string name, int flags, uint mask, out Status status);

    [LibraryImport("libc", EntryPoint = "readlinkat", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint ReadLink(SafeFileHandle folder, string name, Span<byte> buffer, nint size);

    [LibraryImport("libc", EntryPoint = "mkdirat", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int MakeDirectory(SafeFileHandle folder, string name, int mode);

    [LibraryImport("libc", EntryPoint = "fchmodat", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int ChangeMode(SafeFileHandle folder, string name, int mode, int flags);

    [LibraryImport("libc", EntryPoint = "fchmod", SetLastError = true)]
    public static partial int ChangeFileMode(SafeFileHandle file, int mode);

    [LibraryImport("libc", EntryPoint = "symlinkat", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int SymbolicLink(string target, SafeFileHandle folder, string name);

    [LibraryImport("libc", EntryPoint = "renameat2", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Rename(SafeFileHandle folder, string name, SafeFileHandle newFolder, string newName, uint flags);

    [LibraryImport("libc", EntryPoint = "unlinkat", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Unlink(SafeFileHandle folder, string name, int flags);

    [LibraryImport("libc", EntryPoint = "utimensat", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetTimes(SafeFileHandle folder, string name, Span<long> times, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    public static partial int Sync(SafeFileHandle file);

    [LibraryImport("libc", EntryPoint = "flock", SetLastError = true)]
    public static partial int Lock(SafeFileHandle folder, int how);

    /// <summary>The kernel's struct statx, as far as it matters.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 256)]
    private struct Status
    {
        [FieldOffset(20)]
        public uint Owner;

        [FieldOffset(24)]
        public uint Group;

        [FieldOffset(28)]
        public ushort Mode;

        [FieldOffset(32)]
        public ulong Inode;

        [FieldOffset(40)]
        public ulong Size;

        [FieldOffset(112)]
        public long Seconds;

        [FieldOffset(120)]
        public uint Nanoseconds;

        [FieldOffset(136)]
        public uint DeviceMajor;

        [FieldOffset(140)]
        public uint DeviceMinor;
    }
}
