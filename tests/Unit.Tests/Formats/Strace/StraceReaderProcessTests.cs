namespace Gfxbake.Unit.Tests.Formats.Strace;

public class StraceReaderProcessTests
{
    [Test]
    public void Unfinished_calls_of_several_threads_are_put_together()
    {
        string[] accesses = TraceLog.ReadWithThreads(
            "100 clone3({flags=CLONE_VM|CLONE_FS|CLONE_THREAD, child_tid=0x7f757087f990} <unfinished ...>",
            """101 newfstatat(AT_FDCWD</work>, "rel0/0",  <unfinished ...>""",
            "100 <... clone3 resumed> => {parent_tid=[101]}, 88) = 101",
            "101 <... newfstatat resumed>0x7f0d017b6e30, 0) = -1 ENOENT (No such file or directory)",
            "100 mmap(NULL, 8392704, PROT_NONE, MAP_PRIVATE|MAP_ANONYMOUS|MAP_STACK, -1, 0 <unfinished ...>",
            """101 access("rel0/1", F_OK <unfinished ...>""",
            "100 <... mmap resumed>)               = 0x7f0cfffb5000",
            "101 --- SIGURG {si_signo=SIGURG, si_code=SI_TKILL, si_pid=100, si_uid=0} ---",
            "101 <... access resumed>)             = 0",
            "101 +++ exited with 0 +++",
            TraceLog.Exit
        );

        Assert.That(accesses, Is.EqualTo(["101 newfstatat Missing /work/rel0/0", "101 access Found /work/rel0/1"]));
    }

    [TestCase("12 +++ killed by SIGKILL +++")]
    [TestCase("12 +++ killed by SIGABRT (core dumped) +++")]
    [TestCase("12 +++ exited with 3 +++")]
    public void Killed_thread_may_leave_a_call_unfinished(string end)
    {
        string[] accesses = TraceLog.Read("""12 openat(AT_FDCWD</usr>, "/work/fifo", O_RDONLY <unfinished ...>""", end);

        Assert.That(accesses, Is.EqualTo(["openat Failed /work/fifo"]));
    }

    [Test]
    public void Killed_thread_may_leave_a_call_between_two_arguments()
    {
        string[] accesses = TraceLog.Read("""12 newfstatat(AT_FDCWD</usr>, "/work/x",  <unfinished ...>""", "12 +++ killed by SIGKILL +++");

        Assert.That(accesses, Is.EqualTo(["newfstatat Failed /work/x"]));
    }

    [TestCase("""openat(AT_FDCWD</usr>, "/work/fifo", O_RDONLY) = ?""", new[] { "openat Failed /work/fifo" })]
    [TestCase("""newfstatat(AT_FDCWD</usr>, "/work/x",  <unfinished ...>) = ?""", new[] { "newfstatat Failed /work/x" })]
    [TestCase("""readlink( <unfinished ...>) = ?""", new string[0])]
    public void Killed_call_without_result_is_read(string call, string[] accesses)
    {
        Assert.That(TraceLog.Read("12 " + call, "12 +++ killed by SIGKILL +++"), Is.EqualTo(accesses));
    }

    // A process that its parent killed, as Ollama does with llama-server.
    [TestCase("""readlink("/proc/self/exe" <unfinished ...>""", "readlink", "readlink Failed /proc/self/exe")]
    [TestCase("""newfstatat(AT_FDCWD</usr>, "/work/x",  <unfinished ...>""", "newfstatat", "newfstatat Failed /work/x")]
    public void Call_that_resumes_only_to_be_killed_is_read(string call, string name, string access)
    {
        string[] accesses = TraceLog.Read("12 " + call, $"12 <... {name} resumed> <unfinished ...>) = ?", "12 +++ killed by SIGKILL +++");

        Assert.That(accesses, Is.EqualTo(new[] { access }));
    }

    [TestCase("101 execve(\"/bin/true\", [\"true\"], 0x7ffcc977cea8 /* 43 vars */ <pid changed to 100 ...>")]
    [TestCase("101 execve(\"/bin/true\", [\"true\"], 0x7ffce555af70 /* 43 vars */ <unfinished ...>")]
    public void Execve_of_a_thread_goes_on_under_the_first_threads_number(string execve)
    {
        string[] accesses = TraceLog.ReadWithThreads(
            "100 clone3({flags=CLONE_VM|CLONE_FS|CLONE_FILES|CLONE_SIGHAND|CLONE_THREAD, "
                + "child_tid=0x7fe60a8cf990} => {parent_tid=[101]}, 88) = 101",
            """100 openat(AT_FDCWD</work>, "/work/fifo", O_RDONLY <unfinished ...>""",
            execve,
            "100 +++ superseded by execve in pid 101 +++",
            "100 <... execve resumed>) = 9",
            """100 access("/etc/ld.so.preload", R_OK) = -1 ENOENT (No such file or directory)""",
            TraceLog.Exit
        );

        Assert.That(
            accesses,
            Is.EqualTo(["100 openat Failed /work/fifo", "100 execve Found /bin/true", "100 access Missing /etc/ld.so.preload"])
        );
    }

    [Test]
    public void Number_of_an_exited_thread_can_be_used_again()
    {
        string[] accesses = TraceLog.Read(
            "100 vfork( <unfinished ...>",
            "101 +++ exited with 0 +++",
            "100 <... vfork resumed>) = 101",
            """100 chdir("/usr") = 0""",
            "100 vfork() = 101",
            """101 access("a", F_OK) = 0""",
            "101 +++ exited with 0 +++",
            TraceLog.Exit
        );

        Assert.That(accesses[^1], Is.EqualTo("access Found /usr/a"));
    }

    [Test]
    public void Lines_and_threads_are_counted()
    {
        var reader = TraceLog.Reader("100 vfork() = 101", "101 +++ exited with 0 +++", TraceLog.Exit);
        _ = reader.Read().Count();

        Assert.That((reader.Lines, reader.Processes), Is.EqualTo((3L, 2)));
    }
}
