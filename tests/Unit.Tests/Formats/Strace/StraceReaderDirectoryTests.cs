namespace Gfxbake.Unit.Tests.Formats.Strace;

public class StraceReaderDirectoryTests
{
    [Test]
    public void Chdir_moves_later_relative_paths()
    {
        string[] accesses = TraceLog.ReadCalls(
            """chdir("sub") = 0""",
            """access("x", F_OK) = 0""",
            """chdir("..") = 0""",
            """access("y", F_OK) = 0"""
        );

        Assert.That(
            accesses,
            Is.EqualTo(["chdir Found /work/sub", "access Found /work/sub/x", "chdir Found /work/sub/..", "access Found /work/sub/../y"])
        );
    }

    [Test]
    public void Chdir_that_fails_moves_nothing()
    {
        string[] accesses = TraceLog.ReadCalls("""chdir("/gone") = -1 ENOENT (No such file or directory)""", """access("x", F_OK) = 0""");

        Assert.That(accesses[1], Is.EqualTo("access Found /work/x"));
    }

    [Test]
    public void Fchdir_moves_to_the_descriptor()
    {
        string[] accesses = TraceLog.ReadCalls("""fchdir(4</work/d/sub\76x>)        = 0""", """access("../a b", R_OK)            = 0""");

        Assert.That(accesses, Is.EqualTo(["fchdir Found /work/d/sub>x", "access Found /work/d/sub>x/../a b"]));
    }

    [TestCase("""openat(AT_FDCWD</usr>, "/none", O_RDONLY) = -1 ENOENT (No such file or directory)""")]
    [TestCase("""getcwd("/usr", 4096) = 5""")]
    public void Working_directory_is_learnt_from_what_the_kernel_says(string call)
    {
        Assert.That(TraceLog.ReadCalls(call, """access("lib", F_OK) = 0""")[^1], Is.EqualTo("access Found /usr/lib"));
    }

    [Test]
    public void Removed_working_directory_keeps_its_former_path()
    {
        string[] accesses = TraceLog.ReadCalls(
            """chdir("/work/x") = 0""",
            """openat(AT_FDCWD</work/x (deleted)>, "y", O_RDONLY) = -1 ENOENT (No such file or directory)""",
            """access("..", F_OK) = 0"""
        );

        Assert.That(accesses[1..], Is.EqualTo(["openat Missing /work/x/y", "access Found /work/x/.."]));
    }

    [Test]
    public void Thread_shares_its_working_directory_when_cloned_so()
    {
        string[] accesses = TraceLog.Read(
            "100 clone(child_stack=0x556a57530050, flags=CLONE_VM|CLONE_FS|SIGCHLD) = 101",
            """101 chdir("/usr")                     = 0""",
            "101 +++ exited with 0 +++",
            "100 --- SIGCHLD {si_signo=SIGCHLD, si_code=CLD_EXITED, si_pid=101, si_uid=0, si_status=0, si_utime=0, si_stime=0} ---",
            """100 access("lib", F_OK)               = 0""",
            TraceLog.Exit
        );

        Assert.That(accesses[^1], Is.EqualTo("access Found /usr/lib"));
    }

    [TestCase("vfork()")]
    [TestCase("fork()")]
    [TestCase("clone(child_stack=NULL, flags=CLONE_CHILD_CLEARTID|CLONE_CHILD_SETTID|SIGCHLD, child_tidptr=0x7f64f9807a10)")]
    [TestCase("clone3({flags=CLONE_VM|CLONE_VFORK, exit_signal=SIGCHLD, stack=0x7f64f97fe000, stack_size=0x9000}, 88)")]
    public void Child_starts_in_its_parents_directory_and_leaves_it_alone(string fork)
    {
        string[] accesses = TraceLog.ReadWithThreads(
            """100 chdir("/usr")                     = 0""",
            $"100 {fork} = 101",
            """101 access("a", F_OK) = 0""",
            """101 chdir("/opt") = 0""",
            """100 access("b", F_OK) = 0""",
            "101 +++ exited with 0 +++",
            TraceLog.Exit
        );

        Assert.That(
            accesses,
            Is.EqualTo(["100 chdir Found /usr", "101 access Found /usr/a", "101 chdir Found /opt", "100 access Found /usr/b"])
        );
    }

    [Test]
    public void Child_may_come_before_its_parents_call_returns()
    {
        string[] accesses = TraceLog.ReadWithThreads(
            """100 chdir("/usr")                     = 0""",
            "100 vfork( <unfinished ...>",
            """101 execve("bin/true", ["true"], 0x7ffddbdb29d8 /* 43 vars */ <unfinished ...>""",
            "100 <... vfork resumed>)              = 101",
            "101 <... execve resumed>)             = 0",
            "101 +++ exited with 0 +++",
            TraceLog.Exit
        );

        Assert.That(accesses[1], Is.EqualTo("101 execve Found /usr/bin/true"));
    }

    [Test]
    public void Child_may_be_gone_before_its_parents_call_returns()
    {
        string[] accesses = TraceLog.ReadWithThreads(
            "100 clone3({flags=CLONE_VM|CLONE_FS|CLONE_THREAD, child_tid=0x7f757087f990} <unfinished ...>",
            """101 access("a", F_OK) = 0""",
            "101 +++ exited with 0 +++",
            "100 <... clone3 resumed> => {parent_tid=[101]}, 88) = 101",
            TraceLog.Exit
        );

        Assert.That(accesses, Is.EqualTo(["101 access Found /work/a"]));
    }

    [Test]
    public void Child_of_one_of_two_forking_parents_is_known_when_a_call_returns()
    {
        string[] accesses = TraceLog.ReadWithThreads(
            "100 fork() = 200",
            """200 chdir("/opt") = 0""",
            "100 vfork( <unfinished ...>",
            "200 vfork( <unfinished ...>",
            """301 access("/abs", F_OK) = 0""",
            "200 <... vfork resumed>) = 301",
            """301 access("a", F_OK) = 0""",
            "301 +++ exited with 0 +++",
            "200 +++ exited with 0 +++",
            "100 <... vfork resumed>) = -1 EAGAIN (Resource temporarily unavailable)",
            TraceLog.Exit
        );

        Assert.That(accesses[^1], Is.EqualTo("301 access Found /opt/a"));
    }

    [Test]
    public void Child_of_one_of_two_forking_parents_may_be_gone_before_a_call_returns()
    {
        string[] accesses = TraceLog.ReadWithThreads(
            "100 fork() = 200",
            "100 vfork( <unfinished ...>",
            "200 vfork( <unfinished ...>",
            """301 openat(AT_FDCWD</opt/x (deleted)>, "y", O_RDONLY) = -1 ENOENT (No such file or directory)""",
            "301 +++ exited with 0 +++",
            "200 <... vfork resumed>) = 301",
            "200 +++ exited with 0 +++",
            "100 <... vfork resumed>) = -1 EAGAIN (Resource temporarily unavailable)",
            TraceLog.Exit
        );

        Assert.That(accesses, Is.EqualTo(["301 openat Missing /opt/x/y"]));
    }

    [Test]
    public void Child_of_one_of_two_forking_parents_is_refused_when_it_needs_a_directory_too_early()
    {
        Assert.That(
            TraceLog
                .Refuse(
                    "100 fork() = 200",
                    "100 vfork( <unfinished ...>",
                    "200 vfork( <unfinished ...>",
                    """301 access("a", F_OK) = 0""",
                    "301 +++ exited with 0 +++",
                    "200 +++ exited with 0 +++",
                    TraceLog.Exit
                )
                .Problems.Single(),
            Has.Property("Line").EqualTo(4).And.Property("Message").Contains("working directory is unknown")
        );
    }

    [Test]
    public void Resumed_call_does_not_bring_an_old_working_directory_back()
    {
        string[] accesses = TraceLog.Read(
            "100 clone3({flags=CLONE_VM|CLONE_FS|CLONE_THREAD, child_tid=0x7f757087f990}, 88) = 101",
            """101 openat(AT_FDCWD</work>, "slow", O_RDONLY <unfinished ...>""",
            """100 chdir("/usr") = 0""",
            "101 <... openat resumed>) = -1 ENOENT (No such file or directory)",
            """101 access("lib", F_OK) = 0""",
            "101 +++ exited with 0 +++",
            TraceLog.Exit
        );

        Assert.That(accesses[1..], Is.EqualTo(["openat Missing /work/slow", "access Found /usr/lib"]));
    }

    [TestCase("unshare(CLONE_FS)")]
    [TestCase("unshare(CLONE_NEWUSER)")]
    public void Unshare_gives_the_thread_a_directory_of_its_own(string unshare)
    {
        string[] accesses = TraceLog.Read(
            "100 clone(child_stack=0x556a57530050, flags=CLONE_VM|CLONE_FS|SIGCHLD) = 101",
            $"101 {unshare} = 0",
            """101 chdir("/usr") = 0""",
            """100 access("a", F_OK) = 0""",
            "101 +++ exited with 0 +++",
            TraceLog.Exit
        );

        Assert.That(accesses[^1], Is.EqualTo("access Found /work/a"));
    }
}
