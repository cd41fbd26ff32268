using System.Diagnostics;
using System.Text;
using Gfxbake.Formats.Strace;

namespace Gfxbake.Unit.Tests.Formats.Strace;

public class StraceReaderPropertyTests
{
    private static readonly string[] Seeds =
    [
        """100 execve("./a", ["./a", "x)\"\ny"], 0x7ffc45bd3ac0 /* 43 vars */) = 0""",
        """100 openat(AT_FDCWD</work/d>, "gt>x<y", O_RDWR|O_CREAT, 0644) = 3</work/d/gt\76x\74y>""",
        """100 openat(AT_FDCWD</work/d/sub\76x (deleted)>, "y", O_RDONLY) = -1 ENOENT (No such file or directory)""",
        """100 newfstatat(3</work/d/gone>(deleted), "", {st_mode=S_IFREG|0644, st_size=0, ...}, AT_EMPTY_PATH) = 0""",
        """100 mmap(NULL, 2097152, PROT_READ, MAP_PRIVATE|MAP_HUGETLB|21<<MAP_HUGE_SHIFT, 5</dev/null<char 1:3>>, 0) = 0x7f0cfffb5000""",
        """100 linkat(AT_FDCWD</work/d>, "c d", 4</work/d>, "nonutf\377\3767", 0) = 0""",
        """100 clone3({flags=CLONE_VM|CLONE_FS|CLONE_THREAD, stack_size=0x7fff80} => {parent_tid=[101]}, 88) = 101""",
        """100 clone3({flags=CLONE_VM|CLONE_FS|CLONE_THREAD, stack_size=0x7fff80} <unfinished ...>""",
        """100 <... clone3 resumed> => {parent_tid=[101]}, 88) = 101""",
        """101 newfstatat(AT_FDCWD</work>, "rel0/0",  <unfinished ...>""",
        """101 <... newfstatat resumed>0x7f0d017b6e30, 0) = -1 ENOENT (No such file or directory)""",
        """101 execve("/bin/true", ["true"], 0x7ffcc977cea8 /* 43 vars */ <pid changed to 100 ...>""",
        """100 +++ superseded by execve in pid 101 +++""",
        """100 <... execve resumed>) = 9""",
        """100 chdir("../x/./y//z")                     = 0""",
        """100 fchdir(4</work/d>)        = 0""",
        """100 getcwd("/work/d", 99)             = 8""",
        """100 setns(3<mnt:[4026531832]>, 0)     = 0""",
        """100 --- SIGCHLD {si_signo=SIGCHLD, si_code=CLD_EXITED, si_pid=101, si_uid=0} ---""",
        """101 +++ killed by SIGABRT (core dumped) +++""",
        """100 +++ exited with 0 +++""",
        """[ Process PID=100 runs in 32 bit mode. ]""",
    ];

    private static readonly string Alphabet = "\"\\<>()[]{},= \n\0\t-+?./0179anx\u0080\u00ff";

    [Test]
    public void Damaged_logs_give_accesses_or_one_format_error()
    {
        var refused = 0;
        long lines = 0;
        var clock = Stopwatch.StartNew();
        var rounds = Rounds.Run(random =>
        {
            StraceReader reader = TraceLog.ReaderOfText(DamagedLog(random));
            try
            {
                Assert.That(reader.Read().All(access => access.Path.StartsWith('/') && !access.Path.Contains('\0')));
            }
            catch (TraceFormatException error)
            {
                refused++;
                Assert.That(error.Problems, Has.Count.EqualTo(Math.Min(error.Total, TraceFormatException.MostProblems)));
            }
            lines += reader.Lines;
        });

        Assert.That(clock.Elapsed, Is.LessThan(rounds * TimeSpan.FromMilliseconds(40)));
        if (!Rounds.AreMany)
            return;
        Assert.That(lines, Is.GreaterThan(rounds * 7L));
        Assert.That(refused, Is.GreaterThan(rounds * 2 / 3));
    }

    [Test]
    public void Any_bytes_survive_the_way_through_text_and_back() =>
        Rounds.Run(random =>
        {
            var bytes = new byte[random.Next(1, 12)];
            random.NextBytes(bytes);

            Assert.That(PathText.ToBytes(PathText.FromBytes(bytes)), Is.EqualTo(bytes));
        });

    [Test]
    public void Any_path_comes_back_from_its_escaped_form() =>
        Rounds.Run(random =>
        {
            byte[] name =
            [
                .. Enumerable.Range(0, random.Next(1, 20)).Select(_ => (byte)random.Next(1, 256)).Where(b => b != '/'),
                (byte)'z',
            ];
            string escaped = string.Concat(name.Select((b, i) => Escape(b, i + 1 < name.Length ? name[i + 1] : (byte)0)));

            string path = TraceLog.Accesses($"100 access(\"/{escaped}\", F_OK) = 0", TraceLog.Exit).Single().Path;

            Assert.That(PathText.ToBytes(path), Is.EqualTo((byte[])[(byte)'/', .. name]));
        });

    private static string DamagedLog(Random random)
    {
        var log = new StringBuilder();
        for (var line = random.Next(5, 30); line > 0; line--)
        {
            var text = new StringBuilder(Seeds[random.Next(Seeds.Length)]);
            for (var edits = random.Next(4); edits > 0 && text.Length > 0; edits--)
                Damage(text, random);
            log.Append(text).Append('\n');
        }
        return log.ToString();
    }

    private static void Damage(StringBuilder text, Random random)
    {
        int at = random.Next(text.Length);
        switch (random.Next(5))
        {
            case 0:
                text[at] = Alphabet[random.Next(Alphabet.Length)];
                break;
            case 1:
                text.Insert(at, Alphabet[random.Next(Alphabet.Length)]);
                break;
            case 2:
                text.Length = at;
                break;
            case 3:
                text.Remove(at, random.Next(1, Math.Min(12, text.Length - at) + 1));
                break;
            default:
                text.Append(Seeds[random.Next(Seeds.Length)], 0, 20);
                break;
        }
    }

    // As strace's string_quote does it: octal as short as the next character allows.
    private static string Escape(byte b, byte next) =>
        b switch
        {
            (byte)'"' => "\\\"",
            (byte)'\\' => "\\\\",
            (byte)'\n' => "\\n",
            (byte)'\t' => "\\t",
            (byte)'\v' => "\\v",
            (byte)'\f' => "\\f",
            (byte)'\r' => "\\r",
            >= 0x20 and < 0x7f => ((char)b).ToString(),
            _ => "\\" + (next is >= (byte)'0' and <= (byte)'9' ? Convert.ToString(b, 8).PadLeft(3, '0') : Convert.ToString(b, 8)),
        };
}
