using System.Diagnostics;
using System.Globalization;
using Gfxbake.Formats.Offload;

namespace Gfxbake.Benchmarks;

/// <summary>Rewrites a library with code for one GPU only, in turns with cp of the same file, and holds the time against a limit.</summary>
/// <remarks>Both read from the page cache and write beside the file; both are flushed with fsync, which is timed by itself.</remarks>
internal static class OffloadBenchmark
{
    private const double MostOfCopy = 1.5;
    private const int LeastRounds = 3,
        MostRounds = 9;
    private static readonly TimeSpan EnoughTime = TimeSpan.FromSeconds(40);

    /// <summary>A made-up plain library of about a gigabyte and a compressed one.</summary>
    /// <returns>0, or 1 when the limit is broken.</returns>
    public static int RunSynthetic()
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("gfxbake-benchmark-");
        try
        {
            string plain = Path.Combine(folder.FullName, "plain.so"),
                packed = Path.Combine(folder.FullName, "compressed.so");
            SyntheticLibrary.Write(plain, 100, compressed: false);
            int status = Run(plain, SyntheticLibrary.Gpu);
            File.Delete(plain);
            SyntheticLibrary.Write(packed, 100, compressed: true);
            return Math.Max(status, Run(packed, SyntheticLibrary.Gpu));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <returns>0, or 1 when the limit is broken.</returns>
    public static int Run(string file, string gpu)
    {
        FatBinary? fat;
        using (FileStream source = File.OpenRead(file))
        {
            source.CopyTo(Stream.Null); // into the page cache
            fat = FatBinaryReader.TryRead(source);
        }

        if (fat is null)
            throw new OffloadRefusedException("it has no code for GPUs");
        var copies = new List<(Span Copy, Span Flush)>();
        var rounds = new List<OffloadRound>();
        var unpacked = new List<Span>();
        bool isPlain = fat.Bundles.All(b => b.Compression is null);
        OffloadRound.Run(file, gpu, file + ".rewritten"); // compiles the code
        var clock = Stopwatch.StartNew();
        while (rounds.Count < LeastRounds || (rounds.Count < MostRounds && clock.Elapsed < EnoughTime))
        {
            copies.Add(Copy(file, file + ".copied"));
            rounds.Add(OffloadRound.Run(file, gpu, file + ".rewritten"));
            if (!isPlain)
                unpacked.Add(OffloadRound.Unpack(file));
        }

        double ratio = Report(file, fat, copies, rounds);
        if (!isPlain)
            ReportScaling(file, gpu, rounds, unpacked);
        if (!isPlain)
            return 0;
        Print($"limit              at most {MostOfCopy} times cp for a plain library: {(ratio > MostOfCopy ? "BROKEN" : "kept")}");
        return ratio > MostOfCopy ? 1 : 0;
    }

    /// <summary>For the process that is bound to one core: prints the seconds of three rounds' median.</summary>
    public static int RunQuietly(string file, string gpu)
    {
        OffloadRound.Run(file, gpu, file + ".rewritten");
        var spans = Enumerable.Range(0, LeastRounds).Select(_ => OffloadRound.Run(file, gpu, file + ".rewritten").Write).ToList();
        Print($"{Span.Median(spans.Select(s => s.Seconds)):F3} {Span.Median(spans.Select(s => s.Processor)):F3}");
        return 0;
    }

    private static (Span Copy, Span Flush) Copy(string file, string copy)
    {
        try
        {
            Span span = Span.Of(() => Execute("cp", "--reflink=never", file, copy));
            using var stream = new FileStream(copy, FileMode.Open, FileAccess.ReadWrite);
            return (span, Span.Of(() => stream.Flush(flushToDisk: true)));
        }
        finally
        {
            File.Delete(copy);
        }
    }

    private static double Report(string file, FatBinary fat, List<(Span Copy, Span Flush)> copies, List<OffloadRound> rounds)
    {
        double megabytes = new FileInfo(file).Length / 1e6;
        double copy = Median(copies, c => c.Copy.Seconds),
            copyFlush = Median(copies, c => c.Flush.Seconds);
        double write = Median(rounds, r => r.Write.Seconds),
            flush = Median(rounds, r => r.Flush.Seconds),
            check = Median(rounds, r => r.Check.Seconds);
        double ratio = (write + flush) / (copy + copyFlush);
        Print(
            $"{Path.GetFileName(file)}: {megabytes:F1} MB, {fat.Bundles.Count} bundles, "
                + $"{fat.Bundles.Count(b => b.Compression is not null)} of them compressed; "
                + $"becomes {rounds[0].Bytes / 1e6:F1} MB; {rounds.Count} rounds, medians"
        );
        Print($"cp                 {copy, 8:F2} s {megabytes / copy, 8:F0} MB/s, then fsync {copyFlush:F2} s");
        Print(
            $"rewrite            {write, 8:F2} s {megabytes / write, 8:F0} MB/s, then fsync {flush:F2} s; "
                + $"{Median(rounds, r => r.Write.Processor):F2} s of processor time"
        );
        Print($"check              {check, 8:F2} s, {Median(rounds, r => r.Check.Processor):F2} s of processor time");
        Print(
            $"rewrite / cp       {ratio, 8:F2} with fsync, {write / copy:F2} without; "
                + $"with the check {(write + flush + check) / (copy + copyFlush):F2} and {(write + check) / copy:F2}"
        );
        Print($"peak               {rounds.Max(r => r.ManagedPeak), 8:F0} MB managed, {rounds.Max(r => r.ResidentPeak):F0} MB resident");
        return ratio;
    }

    private static void ReportScaling(string file, string gpu, List<OffloadRound> rounds, List<Span> unpacked)
    {
        double write = Median(rounds, r => r.Write.Seconds),
            unpack = Median(unpacked, u => u.Seconds);
        Print(
            $"unpacking only     {unpack, 8:F2} s, {Median(unpacked, u => u.Processor):F2} s of processor time; "
                + $"the rewrite takes {write / unpack:F2} times as long"
        );
        string self = Environment.ProcessPath!;
        string[] program = Path.GetFileName(self) == "dotnet" ? [self, typeof(OffloadBenchmark).Assembly.Location] : [self];
        string[] one = Execute("taskset", ["-c", "0", .. program, "offload-quietly", file, gpu]).Split(' ');
        double single = double.Parse(one[0], CultureInfo.InvariantCulture);
        Print(
            $"one core           {single, 8:F2} s, {double.Parse(one[1], CultureInfo.InvariantCulture):F2} s of processor time; "
                + $"{Environment.ProcessorCount} cores are {single / write:F2} times as fast"
        );
    }

    private static string Execute(string tool, params string[] arguments)
    {
        var start = new ProcessStartInfo(tool, arguments) { RedirectStandardOutput = true };
        using Process process = Process.Start(start)!;
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? output.Trim() : throw new InvalidOperationException($"{tool} ended with {process.ExitCode}");
    }

    private static double Median<T>(IEnumerable<T> values, Func<T, double> number) => Span.Median(values.Select(number));

    private static void Print(string line) => Console.WriteLine(line);
}
