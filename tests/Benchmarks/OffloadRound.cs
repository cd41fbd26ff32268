using System.Diagnostics;
using Gfxbake.Formats.Offload;
using Gfxbake.Formats.Zstd;

namespace Gfxbake.Benchmarks;

/// <summary>One timed piece of work.</summary>
/// <param name="Seconds">By the clock.</param>
/// <param name="Processor">Seconds of processor time of this process.</param>
internal sealed record Span(double Seconds, double Processor)
{
    public static Span Of(Action work)
    {
        TimeSpan start = Environment.CpuUsage.TotalTime;
        var clock = Stopwatch.StartNew();
        work();
        return new Span(clock.Elapsed.TotalSeconds, (Environment.CpuUsage.TotalTime - start).TotalSeconds);
    }

    public static double Median(IEnumerable<double> values)
    {
        List<double> sorted = [.. values.Order()];
        return (sorted[(sorted.Count - 1) / 2] + sorted[sorted.Count / 2]) / 2;
    }
}

/// <summary>A library rewritten once and checked.</summary>
internal sealed record OffloadRound(Span Write, Span Flush, Span Check, long Bytes, double ManagedPeak, double ResidentPeak)
{
    /// <exception cref="OffloadRefusedException">There is nothing to leave out.</exception>
    public static OffloadRound Run(string file, string gpu, string output)
    {
        OffloadRewrite? plan = null;
        OffloadResult? result = null;
        using var peaks = new Peaks();
        try
        {
            var stream = new FileStream(output, FileMode.Create, FileAccess.ReadWrite);
            Span write = Span.Of(() =>
            {
                using (FileStream source = File.OpenRead(file))
                {
                    FatBinary fat = FatBinaryReader.TryRead(source) ?? throw new OffloadRefusedException("it has no code for GPUs");
                    plan =
                        OffloadPlanner.Plan(fat, [TargetId.Parse(gpu)], OffloadForm.Slim)
                        ?? throw new OffloadRefusedException("it has no other code");
                }

                result = OffloadWriter.Write(() => File.OpenRead(file), plan, stream);
            });
            Span flush = Span.Of(() => stream.Flush(flushToDisk: true));
            stream.Dispose();
            Span check = Span.Of(() => OffloadCheck.Verify(() => File.OpenRead(file), plan!, () => File.OpenRead(output), result!));
            return new OffloadRound(write, flush, check, result!.Length, peaks.Managed, Peaks.Resident);
        }
        finally
        {
            File.Delete(output);
        }
    }

    /// <summary>What only unpacking the compressed bundles takes, on all cores: no rewriting can be faster.</summary>
    public static Span Unpack(string file)
    {
        using FileStream source = File.OpenRead(file);
        List<OffloadBundle> bundles =
        [
            .. FatBinaryReader.TryRead(source)!.Bundles.Where(b => b.Compression is { Method: BundleMethod.Zstd }),
        ];
        return Span.Of(() =>
            Parallel.ForEach(
                bundles,
                new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount },
                bundle =>
                {
                    using FileStream stream = File.OpenRead(file);
                    stream.Position = bundle.Offset + bundle.Compression!.HeaderBytes;
                    using var content = new ZstdReadStream(stream);
                    var buffer = new byte[1 << 18];
                    while (content.Read(buffer) > 0) { }
                }
            )
        );
    }

    /// <summary>The most memory that was in use, in megabytes (10^6 bytes).</summary>
    private sealed class Peaks : IDisposable
    {
        private readonly Timer timer;
        private long managed;

        public Peaks()
        {
            GC.Collect();
            // Makes the kernel forget the peak so far (proc(5), clear_refs).
            File.WriteAllText("/proc/self/clear_refs", "5");
            timer = new Timer(_ => managed = Math.Max(managed, GC.GetTotalMemory(forceFullCollection: false)), null, 0, 5);
        }

        public double Managed => managed / 1e6;

        public static double Resident =>
            File.ReadLines("/proc/self/status")
                .Where(l => l.StartsWith("VmHWM:", StringComparison.Ordinal))
                .Select(l => double.Parse(l.Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries)[1]) * 1024 / 1e6)
                .Single();

        public void Dispose() => timer.Dispose();
    }
}
