using Cake.Core;
using Gfxbake.Formats.Files;
using Gfxbake.Pipeline.Bench;

namespace Gfxbake.Host.Measuring;

/// <summary>Shows measurements that are there.</summary>
public static class BenchOutput
{
    /// <summary>Prints a table of two files.</summary>
    /// <exception cref="CakeException">It is not two files.</exception>
    /// <exception cref="BenchException">They can't be compared.</exception>
    public static void Compare(BuildContext context, string files)
    {
        if (files.Split(',') is not [var first, var second])
            throw new CakeException(Wrong(files));
        var comparisons = BenchComparison.Of(
            first,
            BenchFiles.Read(context.FromCaller(first)),
            second,
            BenchFiles.Read(context.FromCaller(second))
        );
        foreach (var line in comparisons.SelectMany((c, i) => i == 0 ? BenchText.Lines(c) : BenchText.Lines(c).Prepend("")))
            Console.Out.WriteLine(line);
    }

    /// <summary>Draws the runs of one or more files.</summary>
    /// <exception cref="BenchException">They can't be drawn.</exception>
    public static void Plot(BuildContext context, string files)
    {
        List<BenchRecord> runs = [.. files.Split(',').SelectMany(f => BenchFiles.Read(context.FromCaller(f)).Runs)];
        var output = context.FromCaller(context.Value(Arguments.Output) ?? "bench.svg");
        AtomicFile.WriteText(output, BenchSvg.Of(files, runs));
        Console.Out.WriteLine($"Written: {output}");
    }

    private static string Wrong(string files) =>
        $"--{Arguments.Compare}={files}: it is two files, for instance ./build.sh --target={nameof(Tasks.Run.Bench)} "
        + $"--{Arguments.Compare}=a.json,b.json";
}
