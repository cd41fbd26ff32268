using System.Diagnostics;
using Gfxbake.Formats.Zstd;

namespace Gfxbake.Benchmarks;

/// <summary>Compresses one tar as the exports do and as the zstd program does, in turns, in one run.</summary>
internal static class ExportBenchmark
{
    private const int Rounds = 3;
    private const double Least = 0.95;

    public static int Run(string tar)
    {
        var output = Path.Combine(Path.GetDirectoryName(tar)!, "gfxbake-benchmark.zst");
        var (ours, theirs) = (new List<double>(), new List<double>());
        long length = 0,
            peer = 0;
        try
        {
            // The first round of each warms the page cache and does not count.
            for (var round = 0; round <= Rounds; round++)
            {
                var mine = Time(() => Compress(tar, output));
                length = new FileInfo(output).Length;
                var other = Time(() => Program(tar, output));
                peer = new FileInfo(output).Length;
                if (round > 0)
                    (ours, theirs) = ([.. ours, mine], [.. theirs, other]);
            }
        }
        finally
        {
            File.Delete(output);
        }

        var ratio = Median(theirs) / Median(ours);
        var megabytes = new FileInfo(tar).Length / 1e6;
        Console.WriteLine(
            $"{Path.GetFileName(tar)}: {megabytes:N1} MB, level 10, long 27, {Environment.ProcessorCount} cores, {Rounds} rounds, medians"
        );
        Console.WriteLine($"ours    {Median(ours), 7:F2} s  {megabytes / Median(ours), 6:F0} MB/s  {length / 1e6:N1} MB");
        Console.WriteLine($"zstd    {Median(theirs), 7:F2} s  {megabytes / Median(theirs), 6:F0} MB/s  {peer / 1e6:N1} MB");
        Console.WriteLine($"ratio of throughput {ratio:F2}; at least {Least} is wanted: {(ratio >= Least ? "kept" : "MISSED")}");
        return ratio >= Least ? 0 : 1;
    }

    private static void Compress(string tar, string output)
    {
        using var source = File.OpenRead(tar);
        using var target = File.Create(output);
        using var packed = new ZstdWriteStream(
            target,
            new ZstdEffort(10, LongDistance: true)
            {
                WindowLog = 27,
                Workers = Environment.ProcessorCount,
                Checksum = true,
            },
            null
        );
        source.CopyTo(packed, 1 << 20);
        packed.Finish();
    }

    private static void Program(string tar, string output)
    {
        using var zstd = Process.Start("zstd", ["-q", "-f", "-T0", "-10", "--long=27", tar, "-o", output]);
        zstd.WaitForExit();
        if (zstd.ExitCode != 0)
            throw new InvalidOperationException($"zstd ended with {zstd.ExitCode}");
    }

    private static double Time(Action work)
    {
        var clock = Stopwatch.StartNew();
        work();
        return clock.Elapsed.TotalSeconds;
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);
}
