using System.Diagnostics;
using Gfxbake.Formats.Strace;

namespace Gfxbake.Benchmarks;

/// <summary>Reads a long strace log and holds speed and memory against limits.</summary>
/// <remarks>
/// Speeds are per second of processor time of the whole process, collector included, so that a busy machine doesn't count.
/// </remarks>
internal static class TraceBenchmark
{
    private const int SmallMegabytes = 64;
    private const double LeastMegabytesPerSecond = 100;
    private const double MostGrowthMegabytes = 4;

    /// <returns>0, or 1 when a limit is broken.</returns>
    public static int Run(int megabytes)
    {
        Measure(SmallMegabytes);
        Reading large = Measure(megabytes);
        double scan = Scan(megabytes);
        double smallHeld = Held(SmallMegabytes);
        double held = Held(megabytes);
        Print($"log                {large.Megabytes, 10:F0} MB, {large.Lines} lines, {large.Accesses} accesses, {large.Processes} threads");
        Print($"reader             {large.Speed, 10:F0} MB/s of one core ({large.WallSpeed:F0} MB/s of the clock)");
        Print($"counting newlines  {scan, 10:F0} MB/s, {scan / large.Speed:F1} times as fast");
        Print($"memory held        {held, 10:F1} MB, on {SmallMegabytes} MB of log {smallHeld:F1} MB");
        Print($"working set        {large.WorkingSet, 10:F1} MB, with what waits for the collector");
        bool isSlow = large.Speed < LeastMegabytesPerSecond;
        bool grows = held - smallHeld > MostGrowthMegabytes;
        Print(
            $"limits             at least {LeastMegabytesPerSecond} MB/s: {(isSlow ? "BROKEN" : "kept")}; "
                + $"at most {MostGrowthMegabytes} MB more held for the longer log: {(grows ? "BROKEN" : "kept")}"
        );
        return isSlow || grows ? 1 : 0;
    }

    private static Reading Measure(int megabytes)
    {
        GC.Collect();
        using var log = new SyntheticLog((long)megabytes * 1_000_000);
        var reader = new StraceReader(log, "/");
        long accesses = 0;
        TimeSpan start = Environment.CpuUsage.TotalTime;
        var clock = Stopwatch.StartNew();
        foreach (TracedAccess access in reader.Read())
            accesses++;
        clock.Stop();
        TimeSpan processor = Environment.CpuUsage.TotalTime - start;
        return new Reading(
            log.Length / 1e6,
            reader.Lines,
            accesses,
            reader.Processes,
            log.Length / 1e6 / processor.TotalSeconds,
            log.Length / 1e6 / clock.Elapsed.TotalSeconds,
            Environment.WorkingSet / 1e6
        );
    }

    // What is still in use, on a run of its own because collections cost time. Without one, the figure would be mostly the
    // garbage that the collector lets grow before it starts, which depends on the processor's cache and not on the reader.
    private static double Held(int megabytes)
    {
        const int between = 1 << 16;
        using var log = new SyntheticLog((long)megabytes * 1_000_000);
        double held = 0;
        long accesses = 0;
        foreach (TracedAccess access in new StraceReader(log, "/").Read())
        {
            if (++accesses % between == 0)
            {
                GC.Collect();
                held = Math.Max(held, GC.GetTotalMemory(forceFullCollection: false) / 1e6);
            }
        }
        return held;
    }

    // What the same bytes cost when nobody looks at them but for their newlines.
    private static double Scan(int megabytes)
    {
        using var log = new SyntheticLog((long)megabytes * 1_000_000);
        var buffer = new byte[1 << 20];
        long lines = 0;
        TimeSpan start = Environment.CpuUsage.TotalTime;
        for (int read; (read = log.Read(buffer)) > 0; )
        {
            ReadOnlySpan<byte> rest = buffer.AsSpan(0, read);
            for (int newline; (newline = rest.IndexOf((byte)'\n')) >= 0; rest = rest[(newline + 1)..])
                lines++;
        }
        return lines == 0 ? 0 : log.Length / 1e6 / (Environment.CpuUsage.TotalTime - start).TotalSeconds;
    }

    private static void Print(string line) => Console.WriteLine(line);

    /// <summary>Sizes in megabytes (10^6 bytes), speeds in those per second.</summary>
    private sealed record Reading(
        double Megabytes,
        long Lines,
        long Accesses,
        int Processes,
        double Speed,
        double WallSpeed,
        double WorkingSet
    );
}
