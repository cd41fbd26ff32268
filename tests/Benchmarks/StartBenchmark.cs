using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Gfxbake.Recipes.Reading;

namespace Gfxbake.Benchmarks;

/// <summary>
/// How long images take from the program's start to its end after one token, on the null GPU, in turns, in one run. Each run is a fresh
/// container, so that nothing that an earlier one compiled is there. The image's busybox takes the time: podman's own does not count.
/// </summary>
internal static partial class StartBenchmark
{
    private const int Rounds = 3;
    private const string Kit = "null-hsa";

    private static readonly string[] Program =
    [
        .. "time llama-completion --model /models/tiny-f16.gguf --prompt x --predict 1 --temp 0 --seed 1 --threads 1".Split(' '),
        .. "--ctx-size 512 --gpu-layers 99 --no-conversation --flash-attn off".Split(' '),
    ];

    /// <param name="folder">artifacts/RECIPE/VARIANT, for the null GPU and the model that VerifyMinimal made there.</param>
    /// <param name="images">The first is what the others are compared with.</param>
    public static int Run(string folder, IReadOnlyList<string> images)
    {
        var recipes = Path.GetFullPath(Path.Combine(folder, "..", "..", "..", "recipes"));
        // It plays no other GPU, so any name does.
        var device = RecipeBook.Open(recipes).Devices[Kit].For("gfx1151");
        string[] options =
        [
            "--rm",
            "--network=none",
            "--no-healthcheck",
            "--entrypoint=busybox",
            $"--volume={Path.Combine(folder, "kits", Kit)}:{device.Folder}:ro",
            $"--volume={Path.Combine(folder, "models")}:/models:ro",
            .. device.Environment.Select(e => $"--env={e.Key}={e.Value}"),
        ];
        var load = File.ReadAllText("/proc/loadavg").Split(' ')[0];
        Console.WriteLine($"load before {load}, {Environment.ProcessorCount} cores, {Rounds} rounds, medians (least to most)");
        var times = images.Select(_ => new List<(double Wall, double Processor)>()).ToList();
        // The first round warms the page cache and does not count.
        for (var round = 0; round <= Rounds; round++)
        {
            for (var i = 0; i < images.Count; i++)
            {
                var one = One(images[i], options, device.Proof[0]);
                if (round > 0)
                    times[i].Add(one);
            }
        }

        for (var i = 0; i < images.Count; i++)
        {
            Console.WriteLine(images[i]);
            Say("wall", times[i].Select(t => t.Wall), times[0].Select(t => t.Wall));
            Say("processor", times[i].Select(t => t.Processor), times[0].Select(t => t.Processor));
        }

        return 0;
    }

    private static void Say(string what, IEnumerable<double> times, IEnumerable<double> first)
    {
        var sorted = times.Order().ToList();
        var ratio = Median(sorted) / Median(first);
        Console.WriteLine($"  {what, -9} {Median(sorted), 6:F2} s ({sorted[0]:F2} to {sorted[^1]:F2}), {ratio:F2} of the first image's");
    }

    private static (double Wall, double Processor) One(string image, IEnumerable<string> options, string proof)
    {
        var start = new ProcessStartInfo("podman", ["run", .. options, image, .. Program])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        output += errors.GetAwaiter().GetResult();
        // Else a program that took no GPU and computed on the processor would count.
        if (process.ExitCode != 0 || !Regex.IsMatch(output, proof))
            throw new InvalidOperationException($"{image} ended with {process.ExitCode} and launched no kernel:\n{output}");
        var times = Times()
            .Matches(output)
            .ToDictionary(
                m => m.Groups[1].Value,
                m => (60 * double.Parse(m.Groups[2].Value, Culture)) + double.Parse(m.Groups[3].Value, Culture)
            );
        return (times["real"], times["user"] + times["sys"]);
    }

    private static CultureInfo Culture => CultureInfo.InvariantCulture;

    private static double Median(IEnumerable<double> values) => values.Order().ElementAt(values.Count() / 2);

    // As busybox writes it.
    [GeneratedRegex(@"^(real|user|sys)\s+(\d+)m ([\d.]+)s", RegexOptions.Multiline)]
    private static partial Regex Times();
}
