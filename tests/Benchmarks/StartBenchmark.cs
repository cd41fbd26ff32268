using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Gfxbake.Recipes.Reading;

namespace Gfxbake.Benchmarks;

/// <summary>
/// How long images take from the program's start to its end after one token, on the null GPU, in turns, in one run. Each run is a fresh
/// container, so that nothing that an earlier one compiled is there. Podman's own time does not count.
/// </summary>
internal static class StartBenchmark
{
    private const int Rounds = 7;
    private const string Kit = "null-hsa";

    private static readonly string[] Program =
    [
        .. "--model /models/tiny-f16.gguf --prompt x --predict 1 --temp 0 --seed 1 --threads 1 --ctx-size 512".Split(' '),
        .. "--gpu-layers 99 --no-conversation --flash-attn off".Split(' '),
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
            "--network=none",
            "--entrypoint=llama-completion",
            $"--volume={Path.Combine(folder, "kits", Kit)}:{device.Folder}:ro",
            $"--volume={Path.Combine(folder, "models")}:/models:ro",
            .. device.Environment.Select(e => $"--env={e.Key}={e.Value}"),
        ];
        Console.WriteLine(
            $"load before {File.ReadAllText("/proc/loadavg").Split(' ')[0]}, {Environment.ProcessorCount} cores, {Rounds} rounds"
        );
        var times = images.Select(_ => new List<double>()).ToList();
        // The first round warms the page cache and does not count.
        for (var round = 0; round <= Rounds; round++)
        {
            for (var i = 0; i < images.Count; i++)
            {
                var seconds = One(images[i], options, device.Proof[0]);
                if (round > 0)
                    times[i].Add(seconds);
            }
        }

        var first = Median(times[0]);
        for (var i = 0; i < images.Count; i++)
        {
            var (median, sorted) = (Median(times[i]), times[i].Order().ToList());
            Console.WriteLine(
                $"{median, 6:F2} s ({sorted[0]:F2} to {sorted[^1]:F2}), {median / first:F2} of the first image's  {images[i]}"
            );
        }

        return 0;
    }

    private static double One(string image, IEnumerable<string> options, string proof)
    {
        var container = Podman(["create", .. options, image, .. Program]).Trim();
        try
        {
            // Else a program that took no GPU and computed on the processor would count.
            if (!Regex.IsMatch(Podman(["start", "--attach", container]), proof))
                throw new InvalidOperationException($"{image} launched no kernel");
            var times = Podman(["inspect", "--format", "{{.State.StartedAt.UnixNano}} {{.State.FinishedAt.UnixNano}}", container])
                .Split(' ')
                .Select(n => long.Parse(n, CultureInfo.InvariantCulture))
                .ToList();
            return (times[1] - times[0]) / 1e9;
        }
        finally
        {
            Podman(["rm", "--force", container]);
        }
    }

    /// <summary>What it printed; a failure ends the benchmark.</summary>
    private static string Podman(IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo("podman", arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        var said = errors.GetAwaiter().GetResult();
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"podman {string.Join(' ', arguments)} ended with {process.ExitCode}: {output}{said}");
        return arguments.First() == "start" ? output + said : output;
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);
}
