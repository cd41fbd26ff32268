using Gfxbake.Formats.Strace;

namespace Gfxbake.Unit.Tests.Formats.Strace;

// Lines as strace 6.1 wrote them for a small C program, machine paths and the many library lines taken out.
public class StraceReaderPathTests
{
    [TestCase("""access("/etc/ld.so.preload", R_OK) = -1 ENOENT (No such file or directory)""", "access Missing /etc/ld.so.preload")]
    [TestCase("""execve("./a", ["./a", "x)\"\ny"], 0x7ffc45bd3ac0 /* 43 vars */) = 0""", "execve Found /work/a")]
    [TestCase("""mkdir("/work/d", 0755)            = 0""", "mkdir Found /work/d")]
    [TestCase("""openat(AT_FDCWD</work/d>, "a b", O_RDWR|O_CREAT, 0644) = 3</work/d/a b>""", "openat Found /work/d/a b")]
    [TestCase("""openat(AT_FDCWD</work/d>, "new\nline", O_RDWR|O_CREAT, 0644) = 3</work/d/new\nline>""", "openat Found /work/d/new\nline")]
    [TestCase("""openat(AT_FDCWD</work/d>, "q\"q", O_RDWR|O_CREAT, 0644) = 3</work/d/q\"q>""", "openat Found /work/d/q\"q")]
    [TestCase("""openat(AT_FDCWD</work/d>, "gt>x<y", O_RDWR|O_CREAT, 0644) = 3</work/d/gt\76x\74y>""", "openat Found /work/d/gt>x<y")]
    [TestCase(
        """openat(AT_FDCWD</work/d>, "back\\slash", O_RDWR|O_CREAT, 0644) = 3</work/d/back\\slash>""",
        "openat Found /work/d/back\\slash"
    )]
    [TestCase("""openat(AT_FDCWD</work/d>, "utf\303\251", O_RDWR|O_CREAT, 0644) = 3</work/d/utf\303\251>""", "openat Found /work/d/utfé")]
    [TestCase("""openat(AT_FDCWD</work/d>, "del (deleted)", O_RDONLY) = 3</work/d/del (deleted)>""", "openat Found /work/d/del (deleted)")]
    [TestCase("""openat(AT_FDCWD</work/d>, "p(a)r,en", O_RDONLY) = 3</work/d/p(a)r,en>""", "openat Found /work/d/p(a)r,en")]
    [TestCase("""openat(AT_FDCWD</work/d>, "tab\t1\0011", O_RDONLY) = 3</work/d/tab\t1\0011>""", "openat Found /work/d/tab\t1\u00011")]
    [TestCase("""openat(AT_FDCWD</work>, "\x61\x2f\x62", O_RDONLY) = -1 EACCES (Permission denied)""", "openat Failed /work/a/b")]
    [TestCase(
        """newfstatat(3</work/d/sub\76x>, "", {st_mode=S_IFREG|0644, st_size=0, ...}, AT_EMPTY_PATH) = 0""",
        "newfstatat Found /work/d/sub>x"
    )]
    [TestCase("""newfstatat(13</dev/null<char 1:3>>, "", {st_mode=S_IFCHR|0666, ...}, AT_EMPTY_PATH) = 0""", "newfstatat Found /dev/null")]
    [TestCase(
        """statx(AT_FDCWD</work/d>, "", AT_STATX_SYNC_AS_STAT|AT_EMPTY_PATH, STATX_BASIC_STATS, {stx_size=0, ...}) = 0""",
        "statx Found /work/d"
    )]
    [TestCase("""utimensat(3</work/d/x>, NULL, NULL, 0) = 0""", "utimensat Found /work/d/x")]
    [TestCase("""openat(4</work/d>, "../x", O_RDONLY) = -1 ELOOP (Too many levels of symbolic links)""", "openat Failed /work/d/../x")]
    [TestCase("""openat(4</>, "x", O_RDONLY)  = -1 EACCES (Permission denied)""", "openat Failed /x")]
    [TestCase("""access("/usr/./lib//x/../y/", F_OK) = 0""", "access Found /usr/lib/x/../y")]
    [TestCase("""stat("/", {st_mode=S_IFDIR|0755, st_size=4096, ...}) = 0""", "stat Found /")]
    [TestCase("""readlink("a b", 0x7ffddbdb2790, 99) = -1 EINVAL (Invalid argument)""", "readlink Failed /work/a b")]
    [TestCase("""readlink("lnk", "a b", 99)        = 3""", "readlink Found /work/lnk")]
    [TestCase("""setxattr("a b", "user.aaaaaaaaaaaaaaaaaaaaaaaaaaa"..., "1", 1, 0) = 0""", "setxattr Found /work/a b")]
    [TestCase("""symlink("some/text", "lnk") = 0""", "symlink Found /work/lnk")]
    [TestCase("""symlinkat("some/text", 4</opt>, "lnk") = 0""", "symlinkat Found /opt/lnk")]
    [TestCase("""inotify_add_watch(5<anon_inode:inotify>, "/etc", IN_MODIFY) = 1""", "inotify_add_watch Found /etc")]
    [TestCase(
        """fanotify_mark(5<anon_inode:[fanotify]>, FAN_MARK_ADD, FAN_OPEN, AT_FDCWD</work>, "x") = 0""",
        "fanotify_mark Found /work/x"
    )]
    [TestCase("""openat2(AT_FDCWD</work/d>, "c d", {flags=O_RDONLY, resolve=0}, 24) = 16</work/d/c d>""", "openat2 Found /work/d/c d")]
    [TestCase(
        """name_to_handle_at(AT_FDCWD</work/x (deleted)>, "/etc/hostname", """
            + """{handle_bytes=128 => 8, handle_type=1, f_handle="\xdc\x02"}, [27], 0) = 0""",
        "name_to_handle_at Found /etc/hostname"
    )]
    [TestCase(
        """mmap(NULL, 4096, PROT_READ|PROT_EXEC, MAP_PRIVATE, 3</usr/lib/libm.so.6>, 0) = 0x7f64f99f4000""",
        "mmap Found /usr/lib/libm.so.6"
    )]
    [TestCase("""chroot("/nonexist")               = -1 ENOENT (No such file or directory)""", "chroot Missing /nonexist")]
    [TestCase("""mount("none", "/nonexist", "tmpfs", 0, "size=1k") = -1 EPERM (Operation not permitted)""", "mount Failed /nonexist")]
    public void Call_gives_its_path(string call, string access)
    {
        Assert.That(TraceLog.ReadCalls(call), Is.EqualTo([access]));
    }

    [Test]
    public void Bytes_that_are_not_utf8_are_kept()
    {
        string[] accesses = TraceLog.ReadCalls(
            """openat(AT_FDCWD</work/d>, "nonutf\377\3767", O_RDWR|O_CREAT, 0644) = 3</work/d/nonutf\377\3767>"""
        );

        Assert.That(accesses, Is.EqualTo(["openat Found /work/d/nonutf\uDCFF\uDCFE7"]));
    }

    [TestCase("""mmap(NULL, 8192, PROT_READ|PROT_WRITE, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0) = 0x7f64f99f5000""")]
    [TestCase(
        """mmap(NULL, 2097152, PROT_READ, MAP_PRIVATE|MAP_ANONYMOUS|MAP_HUGETLB|21<<MAP_HUGE_SHIFT, -1, 0)"""
            + """ = -1 ENOMEM (Cannot allocate memory)"""
    )]
    [TestCase("""mmap(NULL, 4096, PROT_READ, MAP_PRIVATE, 3</work/d/gone>(deleted), 0) = 0x7f64f99f4000""")]
    [TestCase("""newfstatat(9<socket:[22311]>, "", {st_mode=S_IFSOCK|0777, st_size=0, ...}, AT_EMPTY_PATH) = 0""")]
    [TestCase("""newfstatat(11<pipe:[22312]>, "", {st_mode=S_IFIFO|0600, st_size=0, ...}, AT_EMPTY_PATH) = 0""")]
    [TestCase("""newfstatat(8<anon_inode:[eventfd]>, "", {st_mode=0600, st_size=0, ...}, AT_EMPTY_PATH) = 0""")]
    [TestCase("""newfstatat(14</memfd:mem>(deleted), "", {st_mode=S_IFREG|0777, st_size=0, ...}, AT_EMPTY_PATH) = 0""")]
    [TestCase("""openat(AT_FDCWD</work/d>, "", O_RDONLY) = -1 ENOENT (No such file or directory)""")]
    [TestCase("""openat(AT_FDCWD</work/d>, 0x1, O_RDONLY) = -1 EFAULT (Bad address)""")]
    [TestCase("""openat(99, "x", O_RDONLY)         = -1 EBADF (Bad file descriptor)""")]
    [TestCase("""openat(9<socket:[22311]>, "x", O_RDONLY) = -1 ENOTDIR (Not a directory)""")]
    [TestCase("""openat(AT_FDCWD</work>, "/aaaa"..., O_RDONLY) = -1 ENAMETOOLONG (File name too long)""")]
    [TestCase("""getcwd("/work", 99)             = 6""")]
    [TestCase("""getcwd(0x7ffc4a7cc850, 99)        = -1 ENOENT (No such file or directory)""")]
    [TestCase("""setns(3<net:[4026531832]>, 0)     = 0""")]
    [TestCase("""io_uring_setup(8, NULL)           = -1 ENOSYS (Function not implemented)""")]
    [TestCase(
        """clone(child_stack=NULL, flags=CLONE_CHILD_CLEARTID|CLONE_CHILD_SETTID|SIGCHLD, child_tidptr=0x7f64f9807a10)"""
            + """ = ? ERESTARTNOINTR (To be restarted)"""
    )]
    [TestCase("""--- SIGCHLD {si_signo=SIGCHLD, si_code=CLD_EXITED, si_pid=12102, si_uid=0, si_status=0, si_utime=0, si_stime=0} ---""")]
    [TestCase("""--- stopped by SIGTSTP ---""")]
    [TestCase("""[ Process PID=100 runs in 32 bit mode. ]""")]
    public void Line_without_a_path_gives_nothing(string call)
    {
        Assert.That(TraceLog.ReadCalls(call), Is.Empty);
    }

    [Test]
    public void Open_gives_the_link_and_the_file_behind_it()
    {
        string[] accesses = TraceLog.ReadCalls(
            """openat(AT_FDCWD</work>, "/lib/x86_64-linux-gnu/libc.so.6", O_RDONLY|O_CLOEXEC) = 3</usr/lib/x86_64-linux-gnu/libc.so.6>"""
        );

        Assert.That(
            accesses,
            Is.EqualTo(["openat Found /lib/x86_64-linux-gnu/libc.so.6", "openat Found /usr/lib/x86_64-linux-gnu/libc.so.6"])
        );
    }

    [Test]
    public void Open_of_a_file_without_a_name_gives_only_its_directory()
    {
        string[] accesses = TraceLog.ReadCalls("""openat(AT_FDCWD</work>, "/tmp", O_RDWR|O_TMPFILE, 0600) = 15</tmp/#11657221>(deleted)""");

        Assert.That(accesses, Is.EqualTo(["openat Found /tmp"]));
    }

    [Test]
    public void Call_with_two_paths_gives_both()
    {
        string[] accesses = TraceLog.ReadCalls("""rename("a b", "/c d")              = 0""");

        Assert.That(accesses, Is.EqualTo(["rename Found /work/a b", "rename Found /c d"]));
    }

    [Test]
    public void Call_with_two_paths_is_not_missing_when_either_may_be()
    {
        string[] accesses = TraceLog.ReadCalls(
            """linkat(AT_FDCWD</work/d>, "c d", 4</work/d/sub\76x>(deleted), "g", 0) = -1 ENOENT (No such file or directory)"""
        );

        Assert.That(accesses, Is.EqualTo(["linkat Failed /work/d/c d", "linkat Failed /work/d/sub>x/g"]));
    }

    [TestCase("""openat(AT_FDCWD</work>, "/etc/passwd", O_RDONLY|O_DIRECTORY) = -1 ENOTDIR (Not a directory)""", AccessOutcome.Failed)]
    [TestCase("""openat(AT_FDCWD</work>, "/etc/passwd/", O_RDONLY) = -1 ENOTDIR (Not a directory)""", AccessOutcome.Failed)]
    [TestCase("""chdir("/etc/passwd") = -1 ENOTDIR (Not a directory)""", AccessOutcome.Failed)]
    [TestCase("""rmdir("/etc/passwd") = -1 ENOTDIR (Not a directory)""", AccessOutcome.Failed)]
    [TestCase("""openat(AT_FDCWD</work>, "/etc/passwd/x", O_RDONLY) = -1 ENOTDIR (Not a directory)""", AccessOutcome.Missing)]
    [TestCase("""mkdir("/etc", 0755) = -1 EEXIST (File exists)""", AccessOutcome.Failed)]
    [TestCase("""access("/etc/shadow", R_OK) = -1 (errno 4000)""", AccessOutcome.Failed)]
    [TestCase("""access("/etc/shadow", R_OK) = ? <unavailable>""", AccessOutcome.Failed)]
    [TestCase(
        """openat(AT_FDCWD</work>, "/work/fifo", O_RDONLY) = ? ERESTARTSYS (To be restarted if SA_RESTART is set)""",
        AccessOutcome.Failed
    )]
    public void Outcome_is_missing_only_when_nothing_is_there(string call, AccessOutcome outcome)
    {
        Assert.That(TraceLog.Accesses("100 " + call, TraceLog.Exit)[0].Outcome, Is.EqualTo(outcome));
    }

    [Test]
    public void Paths_beyond_the_caches_size_stay_apart()
    {
        string[] names = [.. Enumerable.Range(100_000, 40_000).Select(number => $"/srv/{number}")];

        List<TracedAccess> accesses = TraceLog.Accesses([.. names.Select(name => $"100 access(\"{name}\", R_OK) = 0"), TraceLog.Exit]);

        Assert.That(accesses.Select(access => access.Path), Is.EqualTo(names));
    }

    [Test]
    public void Repeated_path_is_the_same_string()
    {
        List<TracedAccess> accesses = TraceLog.Accesses(
            """100 access("/etc/a", R_OK) = 0""",
            """100 access("a", R_OK) = 0""",
            """100 access("/etc/a", R_OK) = 0""",
            """100 access("a", R_OK) = 0""",
            TraceLog.Exit
        );

        Assert.That(accesses[2].Path, Is.SameAs(accesses[0].Path));
        Assert.That(accesses[3].Path, Is.SameAs(accesses[1].Path));
    }
}
