using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Gfxbake.Recipes.Reading;

namespace Gfxbake.Benchmarks;

/// <summary>
/// How long images take from the program's start to its end after one token, on the null GPU, in turns, in one run. Each run is a fresh
/// container, so that nothing that an earlier one compiled is there. The image's busybox takes the time: the engine's own is told apart.
/// </summary>
internal static partial class StartBenchmark
{
    private const int Rounds = 3;
    private const string Kit = "null-hsa",
        Model = "tiny-f16.gguf";

    private static readonly string[] Program =
    [
        "time",
        "-f",
        "start-benchmark %e %U %S %R",
        .. $"llama-completion --model /models/{Model} --prompt x --predict 1 --temp 0 --seed 1 --threads 1".Split(' '),
        .. "--ctx-size 512 --gpu-layers 99 --no-conversation --flash-attn off".Split(' '),
    ];

    /// <param name="folder">artifacts/RECIPE/VARIANT, for the null GPU and the model that VerifyMinimal made there.</param>
    /// <param name="images">The first is what the others are compared with.</param>
    public static int Run(string folder, IReadOnlyList<string> images)
    {
        try
        {
            Measure(folder, images);
            return 0;
        }
        catch (InvalidOperationException exception)
        {
            Console.Error.WriteLine(exception.Message);
            return 1;
        }
    }

    private static void Measure(string folder, IReadOnlyList<string> images)
    {
        var build =
            $"--target=VerifyMinimal --recipe={Path.GetFileName(Path.GetDirectoryName(folder))} --variant={Path.GetFileName(folder)}";
        Require(Path.Combine(folder, "kits", Kit), build);
        Require(Path.Combine(folder, "models", Model), build);
        var engine = Engine(Path.GetFullPath(Path.Combine(folder, "..", "..", "engine.json")));
        var recipes = Path.GetFullPath(Path.Combine(folder, "..", "..", "..", "recipes"));
        // It plays no other GPU, so any name does.
        var device = RecipeBook.Open(recipes).Devices[Kit].For("gfx1151");
        string[] options =
        [
            "--rm",
            "--pull=never",
            "--network=none",
            "--no-healthcheck",
            "--entrypoint=busybox",
            $"--volume={Path.Combine(folder, "kits", Kit)}:{device.Folder}:ro",
            $"--volume={Path.Combine(folder, "models")}:/models:ro",
            .. device.Environment.Select(e => $"--env={e.Key}={e.Value}"),
        ];
        var load = File.ReadAllText("/proc/loadavg").Split(' ')[0];
        Console.WriteLine($"load before {load}, {Environment.ProcessorCount} cores, {Rounds} rounds, medians (least to most)");
        var times = images.Select(_ => new List<Start>()).ToList();
        // The first round warms the page cache and does not count.
        for (var round = 0; round <= Rounds; round++)
        {
            for (var i = 0; i < images.Count; i++)
            {
                var one = One(engine, images[i], options, device.Proof[0]);
                if (round > 0)
                    times[i].Add(one);
            }
        }

        for (var i = 0; i < images.Count; i++)
        {
            Console.WriteLine(images[i]);
            Say("wall", "F2", " s", times[i].Select(t => t.Wall), times[0].Select(t => t.Wall));
            Say("processor", "F2", " s", times[i].Select(t => t.Processor), times[0].Select(t => t.Processor));
            Say("pages", "N0", "", times[i].Select(t => t.Faults), times[0].Select(t => t.Faults));
            Say("engine", "F2", " s", times[i].Select(t => t.Engine), times[0].Select(t => t.Engine));
        }
    }

    private static void Require(string path, string arguments)
    {
        if (!Path.Exists(path))
            throw new InvalidOperationException($"{path} is not there; next: ./build.sh {arguments}");
    }

    /// <summary>A start of the engine that the build chose, with its settings: podman alone may run no container here.</summary>
    private static ProcessStartInfo Engine(string choice)
    {
        Require(choice, "--target=BaseImage, which looks for an engine and writes down what it found");
        using var json = JsonDocument.Parse(File.ReadAllText(choice));
        var engine = json.RootElement.GetProperty("engine");
        var start = new ProcessStartInfo(engine.GetProperty("path").GetString()!)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var variable in engine.GetProperty("environment").EnumerateObject())
            start.Environment[variable.Name] = variable.Value.GetString();
        return start;
    }

    private static void Say(string what, string format, string unit, IEnumerable<double> times, IEnumerable<double> first)
    {
        var sorted = times.Order().ToList();
        var (median, least) = (Median(sorted), Median(first));
        string Text(double value) => value.ToString(format, Culture);
        Console.WriteLine(
            $"  {what, -9} {Text(median), 8}{unit} ({Text(sorted[0])} to {Text(sorted[^1])}), {median / least:F2} of the first image's"
        );
    }

    private static Start One(ProcessStartInfo start, string image, IEnumerable<string> options, string proof)
    {
        start.ArgumentList.Clear();
        foreach (var word in (string[])["run", .. options, image, .. Program])
            start.ArgumentList.Add(word);
        var watch = Stopwatch.StartNew();
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        watch.Stop();
        output += errors.GetAwaiter().GetResult();
        // Else a program that took no GPU and computed on the processor would count.
        if (process.ExitCode != 0 || !Regex.IsMatch(output, proof) || !Times().IsMatch(output))
        {
            throw new InvalidOperationException(
                $"{start.FileName} run {image} ended with {process.ExitCode} and launched no kernel on the null GPU; it said:\n"
                    + $"{output.TrimEnd()}\nnext: look whether the image is there ({start.FileName} images), and whether"
                    + " ./build.sh --target=VerifyMinimal passes"
            );
        }

        var match = Times().Match(output);
        double Number(int group) => double.Parse(match.Groups[group].Value, Culture);
        return new Start(Number(1), Number(2) + Number(3), Number(4), watch.Elapsed.TotalSeconds - Number(1));
    }

    private static CultureInfo Culture => CultureInfo.InvariantCulture;

    private static double Median(IEnumerable<double> values) => values.Order().ElementAt(values.Count() / 2);

    [GeneratedRegex(@"^start-benchmark ([\d.]+) ([\d.]+) ([\d.]+) (\d+)$", RegexOptions.Multiline)]
    private static partial Regex Times();

    /// <param name="Wall">Seconds from the program's start to its end.</param>
    /// <param name="Processor">Seconds of all its threads.</param>
    /// <param name="Faults">Pages that it touched first; the same on a busy machine.</param>
    /// <param name="Engine">Seconds that the engine took besides, before and after.</param>
    private sealed record Start(double Wall, double Processor, double Faults, double Engine);
}
