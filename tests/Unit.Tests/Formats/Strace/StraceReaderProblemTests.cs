using System.Text;
using Gfxbake.Formats.Strace;

namespace Gfxbake.Unit.Tests.Formats.Strace;

public class StraceReaderProblemTests
{
    [TestCase("""chroot("/tmp")                    = 0""", "chroot succeeded")]
    [TestCase("""pivot_root(".", ".") = 0""", "pivot_root succeeded")]
    [TestCase("""mount("none", "/mnt", "tmpfs", 0, "size=1k") = 0""", "mount succeeded")]
    [TestCase("""umount2("/mnt", 0)           = 0""", "umount2 succeeded")]
    [TestCase("""open_tree(AT_FDCWD</>, "/usr", OPEN_TREE_CLONE) = 4</>""", "open_tree succeeded")]
    [TestCase("""move_mount(4</>, "", AT_FDCWD</>, "/mnt", MOVE_MOUNT_F_EMPTY_PATH) = 0""", "move_mount succeeded")]
    [TestCase("""io_uring_setup(8, {flags=0}) = 5<anon_inode:[io_uring]>""", "io_uring_setup succeeded")]
    [TestCase("""unshare(CLONE_NEWNS|CLONE_NEWUSER) = 0""", "mount namespace")]
    [TestCase("""setns(3<mnt:[4026531832]>, CLONE_NEWNS) = 0""", "mount namespace")]
    [TestCase("""setns(3<mnt:[4026531832]>, 0)     = 0""", "mount namespace")]
    [TestCase("""setns(3, 0)     = 0""", "mount namespace")]
    [TestCase("""clone(child_stack=NULL, flags=CLONE_NEWNS|SIGCHLD) = 101""", "mount namespace")]
    [TestCase(
        """open_by_handle_at(5</>, {handle_bytes=8, handle_type=1, f_handle="\xdc\x02"}, O_RDONLY) = 6""",
        "doesn't tell on which file"
    )]
    [TestCase("""openat(AT_FDCWD</work>, "/aaaa"..., O_RDONLY) = 3</aaaa>""", "cut short")]
    [TestCase("""access("/aaaa"..., F_OK) = -1 ENOENT (No such file or directory)""", "cut short")]
    [TestCase("""access("/a\9", F_OK) = 0""", "path can't be read")]
    [TestCase("""access("/a\0b", F_OK) = 0""", "path can't be read")]
    [TestCase("""access("/a\777", F_OK) = 0""", "path can't be read")]
    [TestCase("""access(0x7ffd, F_OK) = 0""", "path argument can't be read")]
    [TestCase("""access(pathname, F_OK) = 0""", "path argument can't be read")]
    [TestCase("""access() = 0""", "too few arguments")]
    [TestCase("""openat(5, "x", O_RDONLY) = 6""", "descriptor without a path")]
    [TestCase("""openat(5, "x", O_RDONLY) = -1 ENOENT (No such file or directory)""", "descriptor without a path")]
    [TestCase("""access("/a", F_OK""", "no end")]
    [TestCase("""openat(AT_FDCWD</work>, "/work/fifo", O_RDONLY <detached ...>""", "no end")]
    [TestCase("""access("/a, F_OK) = 0""", "no partner")]
    [TestCase("""access("/a"], F_OK) = 0""", "no partner")]
    [TestCase("""access("/a", F_OK)""", "result can't be read")]
    [TestCase("""access("/a", F_OK) = """, "result can't be read")]
    [TestCase("""access("/a", F_OK) = zero""", "result can't be read")]
    [TestCase("""openat(AT_FDCWD</work>, "/a", O_RDONLY) = 3</a""", "result can't be read")]
    [TestCase("""read(3</etc/passwd>, "root", 4) = 4""", "doesn't know this call")]
    [TestCase("""a_call_with_a_name_longer_than_any_system_call("/x") = 0""", "doesn't know this call")]
    [TestCase("""access""", "line can't be read")]
    [TestCase("""access(""", "no end")]
    [TestCase("""<... openat resumed>) = 3</a>""", "never started")]
    [TestCase("""<... openat""", "line can't be read")]
    [TestCase("""+++ gone +++""", "line can't be read")]
    [TestCase("""+++ superseded by execve in pid 101 +++""", "no execve under way")]
    [TestCase("""--- something ---""", "line can't be read")]
    [TestCase("""fchdir(4) = 0""", "fchdir")]
    [TestCase("""vfork() = 0x10""", "number can't be read")]
    public void Line_is_refused(string call, string message)
    {
        TraceProblem problem = TraceLog.Refuse("""100 access("/fine", F_OK) = 0""", "100 " + call, TraceLog.Exit).Problems[0];

        Assert.That(problem.Line, Is.EqualTo(2));
        Assert.That(problem.Message, Does.Contain(message));
        Assert.That(problem.Text, Is.EqualTo("100 " + call));
    }

    [TestCase("")]
    [TestCase("access(\"/a\", F_OK) = 0")]
    [TestCase("-100 access(\"/a\", F_OK) = 0")]
    [TestCase("99999999 access(\"/a\", F_OK) = 0")]
    [TestCase("0 access(\"/a\", F_OK) = 0")]
    [TestCase("100")]
    [TestCase("100 ")]
    [TestCase("100access(\"/a\", F_OK) = 0")]
    public void Line_without_a_thread_is_refused(string line)
    {
        Assert.That(TraceLog.Refuse(line, TraceLog.Exit).Problems[0].Line, Is.EqualTo(1));
    }

    [Test]
    public void Notices_of_strace_itself_are_no_problem()
    {
        Assert.That(TraceLog.Read("strace: Process 12 attached", "[ Process PID=100 runs in x32 mode. ]", TraceLog.Exit), Is.Empty);
    }

    [Test]
    public void New_call_is_refused_while_another_is_unfinished()
    {
        Assert.That(
            TraceLog
                .Refuse("""100 access("/a", F_OK <unfinished ...>""", """100 access("/b", F_OK) = 0""", TraceLog.Exit)
                .Problems.Single()
                .Line,
            Is.EqualTo(2)
        );
    }

    [Test]
    public void Accesses_come_before_the_problems()
    {
        var seen = new List<string>();
        Assert.Throws<TraceFormatException>(() =>
        {
            foreach (TracedAccess access in TraceLog.Reader("bad", """100 access("/a", F_OK) = 0""", TraceLog.Exit).Read())
                seen.Add(access.Path);
        });

        Assert.That(seen, Is.EqualTo(["/a"]));
    }

    [Test]
    public void Problems_beyond_twenty_are_counted()
    {
        TraceFormatException error = TraceLog.Refuse([.. Enumerable.Repeat("bad", 33), TraceLog.Exit]);

        Assert.That(error.Problems, Has.Count.EqualTo(20));
        Assert.That(error.Total, Is.EqualTo(33));
        Assert.That(error.Message, Does.Contain("33 problems").And.Contain("line 20: ").And.EndsWith("and 13 more"));
    }

    [Test]
    public void Text_of_a_problem_is_short_and_printable()
    {
        string text = TraceLog.Refuse("\u001b[31m\u00ff" + new string('x', 5000), TraceLog.Exit).Problems[0].Text;

        Assert.That(text, Does.StartWith("\\x1b[31m\\xffxxx").And.EndsWith("xxx..."));
        Assert.That(text, Has.Length.LessThan(200));
    }

    [Test]
    public void Empty_log_is_refused()
    {
        Assert.That(TraceLog.Refuse().Problems.Single().Message, Does.Contain("empty"));
    }

    [Test]
    public void Last_line_without_end_is_refused()
    {
        StraceReader reader = TraceLog.ReaderOfText("100 access(\"/a\", F_OK) = 0\n100 +++ exited with 0 +++");

        TraceFormatException error = Assert.Throws<TraceFormatException>(() => _ = reader.Read().Count())!;
        Assert.That(error.Problems[0], Has.Property("Line").EqualTo(2).And.Property("Message").Contains("cut off"));
    }

    [TestCase("""100 access("/a", F_OK) = 0""")]
    [TestCase("""100 access("/a", F_OK <unfinished ...>""")]
    public void Log_that_ends_before_its_threads_is_refused(string line)
    {
        Assert.That(TraceLog.Refuse(line).Problems.Single().Message, Does.Contain("thread 100 is alive"));
    }

    [Test]
    public void Child_that_never_came_is_refused()
    {
        Assert.That(TraceLog.Refuse("100 vfork() = 101", TraceLog.Exit).Problems.Single().Message, Does.Contain("thread 101 is alive"));
    }

    [TestCase((1 << 20) + 1)]
    [TestCase(5 << 20)]
    public void Line_beyond_the_limit_is_refused_and_the_next_is_read(int length)
    {
        var log =
            "100 access(\"/before\", F_OK) = 0\n100 access(\"/"
            + new string('a', length)
            + "\", F_OK) = 0\n100 access(\"/b\", F_OK) = 0\n"
            + TraceLog.Exit
            + "\n";
        var seen = new List<string>();
        TraceFormatException error = Assert.Throws<TraceFormatException>(() =>
        {
            foreach (TracedAccess access in TraceLog.ReaderOfText(log).Read())
                seen.Add(access.Path);
        })!;

        Assert.That(seen, Is.EqualTo(["/before", "/b"]));
        Assert.That(error.Problems.Single(), Has.Property("Line").EqualTo(2).And.Property("Message").Contains("longer than"));
        Assert.That(error.Problems.Single().Text, Does.StartWith("100 access(\"/aaa"));
    }

    [Test]
    public void Path_beyond_the_kernels_limit_is_refused()
    {
        Assert.That(
            TraceLog.Refuse($"100 access(\"/{new string('a', 4096)}\", F_OK) = 0", TraceLog.Exit).Problems.Single().Message,
            Does.Contain("path can't be read")
        );
    }

    [Test]
    public void Working_directory_that_grows_without_end_is_refused()
    {
        string[] lines =
        [
            .. Enumerable.Repeat("""100 chdir("../aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa") = 0""", 1000),
            TraceLog.Exit,
        ];

        Assert.That(TraceLog.Refuse(lines).Problems[0].Message, Does.Contain("grew too long"));
    }

    [Test]
    public void Too_many_live_threads_are_refused()
    {
        IEnumerable<string> lines = Enumerable.Range(1, 20_000).Select(pid => $"{pid} access(\"/a\", F_OK) = 0");

        Assert.That(
            TraceLog.Refuse([.. lines]).Problems[0],
            Has.Property("Line").EqualTo(16385).And.Property("Message").Contains("threads")
        );
    }

    [Test]
    public void Too_many_bytes_of_unfinished_calls_are_refused()
    {
        string argument = new('a', 1 << 19);
        IEnumerable<string> lines = Enumerable.Range(1, 40).Select(pid => $"{pid} execve(\"/a\", [\"{argument}\"] <unfinished ...>");

        Assert.That(TraceLog.Refuse([.. lines]).Problems[0].Message, Does.Contain("unfinished calls"));
    }

    [Test]
    public void Finished_calls_make_room_for_unfinished_ones()
    {
        string argument = new('a', 1 << 19);
        string[] lines = ["100 execve(\"/a\", [\"" + argument + "\"] <unfinished ...>", "100 <... execve resumed>) = 0"];

        Assert.That(TraceLog.Read([.. Enumerable.Repeat(lines, 40).SelectMany(pair => pair), TraceLog.Exit]), Has.Length.EqualTo(40));
    }

    [Test]
    public void Log_comes_in_pieces_of_any_size()
    {
        const string Log = "100 access(\"/a\", F_OK) = 0\n100 access(\"b\", F_OK) = 0\n100 +++ exited with 0 +++\n";
        using var stream = new DribblingStream(Encoding.ASCII.GetBytes(Log));

        Assert.That(new StraceReader(stream, "/").Read().Select(access => access.Path), Is.EqualTo(["/a", "/b"]));
    }

    [Test]
    public void Log_can_be_read_once()
    {
        StraceReader reader = TraceLog.Reader(TraceLog.Exit);
        _ = reader.Read().Count();

        Assert.That(() => reader.Read(), Throws.InvalidOperationException);
    }

    [Test]
    public void Start_directory_must_be_absolute()
    {
        Assert.That(() => new StraceReader(Stream.Null, "work"), Throws.ArgumentException);
    }

    private sealed class DribblingStream(byte[] bytes) : MemoryStream(bytes)
    {
        public override int Read(byte[] buffer, int offset, int count) => base.Read(buffer, offset, Math.Min(count, 1));

        public override int Read(Span<byte> buffer) => base.Read(buffer[..Math.Min(buffer.Length, 1)]);
    }
}
