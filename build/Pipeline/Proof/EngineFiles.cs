using Gfxbake.Formats.Tar;

namespace Gfxbake.Pipeline.Proof;

/// <summary>What an engine adds to the file system of a container that was made but never started; nothing of it is in the image.</summary>
/// <remarks>docker: daemon/initlayer/setup_unix.go of moby. podman adds nothing. All files are empty, and all belong to root.</remarks>
internal static class EngineFiles
{
    private static readonly string[] Files = ["/.dockerenv", "/dev/console", "/etc/hostname", "/etc/hosts", "/etc/resolv.conf"];
    private static readonly string[] Directories = ["/dev", "/dev/pts", "/dev/shm", "/etc", "/proc", "/sys"];

    private const int Mode = 0x1ed; // 0755

    public static bool MayAdd(ImageEntry entry)
    {
        if (entry.Uid != 0 || entry.Gid != 0 || entry.Xattrs.Count > 0)
            return false;
        return entry.Kind switch
        {
            EntryKind.File => Files.Contains(entry.Path) && entry.Size == 0 && entry.Mode == Mode,
            EntryKind.Directory => Directories.Contains(entry.Path) && entry.Mode == Mode,
            EntryKind.SymbolicLink => entry is { Path: "/etc/mtab", LinkTarget: "/proc/mounts" },
            _ => false,
        };
    }
}
