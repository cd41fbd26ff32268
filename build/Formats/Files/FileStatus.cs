using System.Runtime.InteropServices;

namespace Gfxbake.Formats.Files;

/// <summary>What a path itself is, no link followed: .NET does not tell a pipe or a device from a file.</summary>
/// <param name="Mode">Type and rights as in stat(2).</param>
/// <param name="Size">Bytes of content.</param>
/// <param name="Group">Number of the group that owns it.</param>
public readonly partial record struct FileStatus(int Mode, long Size, uint Group)
{
    private const int TypeMask = 0xF000;

    public bool IsFile => (Mode & TypeMask) == 0x8000;

    public bool IsDirectory => (Mode & TypeMask) == 0x4000;

    public bool IsLink => (Mode & TypeMask) == 0xA000;

    /// <summary>Null when nothing is there that can be looked at.</summary>
    public static FileStatus? Of(string path)
    {
        const int currentFolder = -100;
        const int noFollow = 0x100;
        const uint typeModeGroupAndSize = 0x213;
        return Stat(currentFolder, path, noFollow, typeModeGroupAndSize, out var status) == 0
            ? new FileStatus(status.Mode, (long)Math.Min(status.Size, long.MaxValue), status.Group)
            : null;
    }

    // It lies the same on every architecture, which struct stat does not.
    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Stat(int folder, string path, int flags, uint mask, out Status status);

    /// <summary>The kernel's struct statx, as far as it matters.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 256)]
    private struct Status
    {
        [FieldOffset(24)]
        public uint Group;

        [FieldOffset(28)]
        public ushort Mode;

        [FieldOffset(40)]
        public ulong Size;
    }
}
