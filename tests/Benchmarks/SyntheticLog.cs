using System.Text;

namespace Gfxbake.Benchmarks;

/// <summary>An endless supply of plausible strace lines as a stream of a wanted length, made without a file.</summary>
/// <remarks>
/// A first process starts threads again and again; each opens, stats, misses and maps files out of some thousand, about one
/// call in eight is unfinished and resumed. A block of it is made once and repeated: its threads end before it does.
/// </remarks>
internal sealed class SyntheticLog : Stream
{
    private const int FirstPid = 1000;
    private const int Libraries = 3000;
    private const int BlockBytes = 8 << 20;

    private static readonly byte[] Block = MakeBlock();

    private readonly byte[][] parts;
    private int part;
    private int offset;

    public SyntheticLog(long bytes)
    {
        byte[] first = Encoding.ASCII.GetBytes(
            $"{FirstPid} execve(\"/usr/bin/llama-server\", [\"llama-server\"], 0x7ffc45bd3ac0 /* 43 vars */) = 0\n"
        );
        byte[] last = Encoding.ASCII.GetBytes($"{FirstPid} +++ exited with 0 +++\n");
        parts = [first, .. Enumerable.Repeat(Block, (int)((bytes + Block.Length - 1) / Block.Length)), last];
        Length = parts.Sum(piece => (long)piece.Length);
    }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length { get; }

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer)
    {
        if (part == parts.Length)
        {
            return 0;
        }
        ReadOnlySpan<byte> rest = parts[part].AsSpan(offset);
        int count = Math.Min(rest.Length, buffer.Length);
        rest[..count].CopyTo(buffer);
        offset += count;
        if (offset == parts[part].Length)
        {
            part++;
            offset = 0;
        }
        return count;
    }

    public override void Flush() { }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    private static byte[] MakeBlock()
    {
        var text = new StringBuilder(BlockBytes + 4096);
        var random = new Random(20260801);
        for (var thread = FirstPid + 1; text.Length < BlockBytes; thread++)
        {
            Line(
                text,
                $"{FirstPid} clone3({{flags=CLONE_VM|CLONE_FS|CLONE_FILES|CLONE_SIGHAND|CLONE_THREAD, child_tid=0x7f757087f990, "
                    + $"stack_size=0x7fff80}} <unfinished ...>"
            );
            Line(text, $"{thread} openat(AT_FDCWD</srv/models>, \"/proc/self/maps\", O_RDONLY|O_CLOEXEC <unfinished ...>");
            Line(text, $"{FirstPid} <... clone3 resumed> => {{parent_tid=[{thread}]}}, 88) = {thread}");
            Line(text, $"{thread} <... openat resumed>) = 3</proc/{FirstPid}/maps>");
            for (var call = 0; call < 40; call++)
                AddCalls(text, random, thread);
            Line(text, $"{thread} +++ exited with 0 +++");
            Line(
                text,
                $"{FirstPid} --- SIGCHLD {{si_signo=SIGCHLD, si_code=CLD_EXITED, si_pid={thread}, si_uid=0, si_status=0, si_utime=0, "
                    + $"si_stime=0}} ---"
            );
        }
        return Encoding.ASCII.GetBytes(text.ToString());
    }

    private static void AddCalls(StringBuilder text, Random random, int thread)
    {
        int number = random.Next(Libraries);
        string library = $"/usr/lib/x86_64-linux-gnu/rocblas/3.0.0/library/TensileLibrary_Type_HH_Contraction_l_Ailk_Bljk_gfx{number}.dat";
        switch (random.Next(8))
        {
            case 0:
                Line(text, $"{thread} newfstatat(AT_FDCWD</srv/models>, \"{library}\",  <unfinished ...>");
                Line(text, $"{FirstPid} access(\"tiny model {number}.gguf\", R_OK) = 0");
                Line(text, $"{thread} <... newfstatat resumed>{{st_mode=S_IFREG|0644, st_size={number}, ...}}, 0) = 0");
                break;
            case 1 or 2:
                Line(
                    text,
                    $"{thread} openat(AT_FDCWD</srv/models>, \"/opt/lib/glibc-hwcaps/x86-64-v3/lib{number}.so\", "
                        + "O_RDONLY|O_CLOEXEC) = -1 ENOENT (No such file or directory)"
                );
                break;
            case 3:
                Line(text, $"{thread} readlink(\"/usr/lib/lib{number}.so\", \"lib{number}.so.1\", 4095) = {number % 90 + 6}");
                Line(
                    text,
                    $"{thread} statx(AT_FDCWD</srv/models>, \"caf\\303\\251/{number}\", AT_STATX_SYNC_AS_STAT, STATX_BASIC_STATS, "
                        + "0x7ffddbdb2790) = -1 ENOENT (No such file or directory)"
                );
                break;
            default:
                Line(text, $"{thread} openat(AT_FDCWD</srv/models>, \"{library}\", O_RDONLY|O_CLOEXEC) = 5<{library}>");
                Line(text, $"{thread} newfstatat(5<{library}>, \"\", {{st_mode=S_IFREG|0644, st_size=36671, ...}}, AT_EMPTY_PATH) = 0");
                Line(text, $"{thread} mmap(NULL, 36671, PROT_READ, MAP_PRIVATE|MAP_DENYWRITE, 5<{library}>, 0) = 0x7f64f99ec000");
                Line(text, $"{thread} mmap(NULL, 8192, PROT_READ|PROT_WRITE, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0) = 0x7f64f99f5000");
                break;
        }
    }

    private static void Line(StringBuilder text, string line) => text.Append(line).Append('\n');
}
