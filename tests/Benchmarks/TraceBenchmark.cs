using System.Diagnostics;
using System.Globalization;
using Gfxbake.Core.Traces;

namespace Gfxbake.Benchmarks;

/// <summary>Reads a long strace log and holds speed and memory against limits.</summary>
/// <remarks>Speeds are per second of processor time of the whole process, collector included, so that a busy machine doesn't count.</remarks>
internal static class TraceBenchmark
{
    private const int SmallMegabytes = 64;
    private const double LeastMegabytesPerSecond = 100;
    private const double MostGrowthMegabytes = 24;

    /// <returns>0, or 1 when a limit is broken.</returns>
    public static int Run(int megabytes)
    {
        Measure(SmallMegabytes);
        Reading small = Measure(SmallMegabytes);
        Reading large = Measure(megabytes);
        double scan = Scan(megabytes);
        double growth = Math.Max(large.ManagedPeak - small.ManagedPeak, large.WorkingSetPeak - small.WorkingSetPeak);
        Print($"log                {large.Megabytes,10:F0} MB, {large.Lines} lines, {large.Accesses} accesses, {large.Processes} threads");
        Print($"reader             {large.Speed,10:F0} MB/s of one core ({large.WallSpeed:F0} MB/s of the clock)");
        Print($"counting newlines  {scan,10:F0} MB/s, {scan / large.Speed:F1} times as fast");
        Print($"managed peak       {large.ManagedPeak,10:F1} MB, on {SmallMegabytes} MB of log {small.ManagedPeak:F1} MB");
        Print($"working set peak   {large.WorkingSetPeak,10:F1} MB, on {SmallMegabytes} MB of log {small.WorkingSetPeak:F1} MB");
        bool isSlow = large.Speed < LeastMegabytesPerSecond;
        bool grows = growth > MostGrowthMegabytes;
        Print($"limits             at least {LeastMegabytesPerSecond} MB/s: {(isSlow ? "BROKEN" : "kept")}; at most {MostGrowthMegabytes} MB more for the longer log: {(grows ? "BROKEN" : "kept")}");
        return isSlow || grows ? 1 : 0;
    }

    private static Reading Measure(int megabytes)
    {
        GC.Collect();
        using var log = new SyntheticLog((long)megabytes * 1_000_000);
        var reader = new StraceReader(log, "/");
        using var self = Process.GetCurrentProcess();
        double managed = 0;
        double workingSet = 0;
        long accesses = 0;
        TimeSpan start = Environment.CpuUsage.TotalTime;
        var clock = Stopwatch.StartNew();
        foreach (TracedAccess access in reader.Read())
        {
            if ((++accesses & 0x3ffff) == 0)
            {
                self.Refresh();
                managed = Math.Max(managed, GC.GetTotalMemory(forceFullCollection: false) / 1e6);
                workingSet = Math.Max(workingSet, self.WorkingSet64 / 1e6);
            }
        }
        clock.Stop();
        TimeSpan processor = Environment.CpuUsage.TotalTime - start;
        return new Reading(
            log.Length / 1e6, reader.Lines, accesses, reader.Processes, log.Length / 1e6 / processor.TotalSeconds,
            log.Length / 1e6 / clock.Elapsed.TotalSeconds, managed, workingSet);
    }

    // What the same bytes cost when nobody looks at them but for their newlines.
    private static double Scan(int megabytes)
    {
        using var log = new SyntheticLog((long)megabytes * 1_000_000);
        var buffer = new byte[1 << 20];
        long lines = 0;
        TimeSpan start = Environment.CpuUsage.TotalTime;
        for (int read; (read = log.Read(buffer)) > 0;)
        {
            ReadOnlySpan<byte> rest = buffer.AsSpan(0, read);
            for (int newline; (newline = rest.IndexOf((byte)'\n')) >= 0; rest = rest[(newline + 1)..])
            {
                lines++;
            }
        }
        return lines == 0 ? 0 : log.Length / 1e6 / (Environment.CpuUsage.TotalTime - start).TotalSeconds;
    }

    private static void Print(FormattableString line) => Console.WriteLine(line.ToString(CultureInfo.InvariantCulture));

    /// <summary>Sizes in megabytes (10^6 bytes), speeds in those per second.</summary>
    private sealed record Reading(
        double Megabytes, long Lines, long Accesses, int Processes, double Speed, double WallSpeed, double ManagedPeak, double WorkingSetPeak);
}
