using System.Collections.Frozen;
using System.Text;

namespace Gfxbake.Formats.Strace;

internal enum CallEffect
{
    None,

    /// <summary>The result is a descriptor, whose annotation is an access of its own.</summary>
    Open,
    ChangeDirectory,
    ChangeDirectoryByDescriptor,
    TellDirectory,
    Fork,
    Unshare,
    EnterNamespace,

    /// <summary>After it, the paths of the log no longer mean what the reader thinks.</summary>
    Refused,
}

/// <summary>Where a system call's paths stand among its arguments.</summary>
/// <param name="Name">As strace prints it.</param>
/// <param name="Arguments">
/// One letter each: p a path, d the directory descriptor of the next path, f a descriptor that is itself the access, - anything else.
/// </param>
/// <param name="Effect">What else it does to the reading of the log.</param>
/// <param name="WantsDirectory">ENOTDIR can mean that the path names a file.</param>
internal sealed record CallShape(string Name, string Arguments, CallEffect Effect = CallEffect.None, bool WantsDirectory = false)
{
    private static readonly FrozenDictionary<string, CallShape> Shapes = Known()
        .ToFrozenDictionary(shape => shape.Name, StringComparer.Ordinal);

    private static readonly FrozenDictionary<string, CallShape>.AlternateLookup<ReadOnlySpan<char>> ByName = Shapes.GetAlternateLookup<
        ReadOnlySpan<char>
    >();

    /// <summary>More than one path: ENOENT doesn't tell which of them is missing.</summary>
    public bool HasTwoPaths { get; } = Arguments.AsSpan().Count('p') > 1;

    public static CallShape? Find(ReadOnlySpan<byte> name)
    {
        Span<char> chars = stackalloc char[32];
        return
            name.Length <= chars.Length
            && Encoding.Latin1.TryGetChars(name, chars, out int length)
            && ByName.TryGetValue(chars[..length], out CallShape? shape)
            ? shape
            : null;
    }

    // strace's %file class of versions 6.1 to 7.2, on 64 and 32 bits, and what StraceReader.Options adds to it.
    private static IEnumerable<CallShape> Known() =>
        [
            .. Plain(
                "p",
                "access acct chmod chown chown32 lchown lchown32 truncate truncate64 utime utimes mknod mkdir",
                "stat lstat stat64 lstat64 oldstat oldlstat statfs statfs64 readlink unlink execve swapon swapoff uselib",
                "getxattr lgetxattr setxattr lsetxattr listxattr llistxattr removexattr lremovexattr"
            ),
            .. Plain(
                "dp",
                "newfstatat fstatat64 statx faccessat faccessat2 fchmodat fchmodat2 fchownat mkdirat mknodat readlinkat",
                "unlinkat utimensat futimesat name_to_handle_at execveat file_getattr file_setattr",
                "getxattrat setxattrat listxattrat removexattrat"
            ),
            .. Plain("pp", "rename link"),
            .. Plain("dpdp", "renameat renameat2 linkat"),
            .. Plain("-p", "symlink quotactl inotify_add_watch"),
            .. Plain("-dp", "symlinkat"),
            .. Plain("---dp", "fanotify_mark"),
            .. Plain("----f", "mmap mmap2"),
            new("rmdir", "p", WantsDirectory: true),
            new("open", "p", CallEffect.Open),
            new("creat", "p", CallEffect.Open),
            new("openat", "dp", CallEffect.Open),
            new("openat2", "dp", CallEffect.Open),
            new("open_by_handle_at", "", CallEffect.Open),
            new("chdir", "p", CallEffect.ChangeDirectory, WantsDirectory: true),
            new("fchdir", "f", CallEffect.ChangeDirectoryByDescriptor),
            new("getcwd", "", CallEffect.TellDirectory),
            .. All(CallEffect.Fork, "", "fork vfork clone clone2 clone3"),
            new("unshare", "", CallEffect.Unshare),
            new("setns", "", CallEffect.EnterNamespace),
            new("chroot", "p", CallEffect.Refused, WantsDirectory: true),
            .. All(CallEffect.Refused, "pp", "pivot_root"),
            .. All(CallEffect.Refused, "-p", "mount"),
            .. All(CallEffect.Refused, "p", "umount umount2 oldumount"),
            .. All(CallEffect.Refused, "dp", "open_tree open_tree_attr fspick mount_setattr"),
            .. All(CallEffect.Refused, "dpdp", "move_mount"),
            .. All(CallEffect.Refused, "", "fsconfig fsmount fsopen io_uring_setup"),
        ];

    private static IEnumerable<CallShape> Plain(string arguments, params string[] names) => All(CallEffect.None, arguments, names);

    private static IEnumerable<CallShape> All(CallEffect effect, string arguments, params string[] names) =>
        names.SelectMany(line => line.Split(' ')).Select(name => new CallShape(name, arguments, effect));
}
