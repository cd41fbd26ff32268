using Gfxbake.Pipeline.Bench;
using Gfxbake.Recipes.Reading;
using Gfxbake.Recipes.Shared;

namespace Gfxbake.Unit.Tests.Pipeline.Bench;

/// <summary>Records to try, and what llama-bench really printed.</summary>
internal static class SampleBench
{
    public static readonly BenchFacts Facts = RecipeBook.Open(Path.Combine(RepositoryRoot.Path, "recipes")).Bench;

    public static readonly BenchProfile Profile = new()
    {
        Depths = [0, 128],
        Samples = 2,
        Prompt = 64,
        Generate = 4,
    };

    public static IReadOnlyList<string> Rows(string device) =>
        File.ReadAllLines(Path.Combine(RepositoryRoot.Path, "tests", "fixtures", "bench", device + ".jsonl"));

    /// <summary>A record of which nothing is measured yet.</summary>
    public static BenchRecord Empty(BenchDevice? device = null, BenchProfile? profile = null) =>
        new()
        {
            Title = "tiny-f16 on the CPU",
            Subject = new()
            {
                Name = "llama-cpp-gfx1151 debian",
                Image = "7bd5bd0ca881",
                Versions = new Dictionary<string, string> { ["image"] = "0.7.0" },
            },
            Model = new("tiny-f16", "sha256:0123456789abcdef0123456789abcdef", 2_768_096),
            Device = device ?? new("the CPU", false, true, null),
            Host = new Dictionary<string, string> { ["kernel"] = "6.18.4" },
            Settings = new Dictionary<string, string> { ["arguments"] = "--flash-attn on" },
            Series = BenchSession.Curves(profile ?? Profile),
            Started = DateTimeOffset.UnixEpoch,
            Ended = DateTimeOffset.UnixEpoch.AddMinutes(5),
        };

    /// <summary>A record with one curve.</summary>
    public static BenchRecord With(params (long X, double[] Samples)[] points) => With("pp512", false, points);

    public static BenchRecord With(string name, bool lowerIsBetter, params (long X, double[] Samples)[] points) =>
        Empty() with
        {
            Series =
            [
                new()
                {
                    Name = name,
                    Unit = lowerIsBetter ? "s" : "tokens/s",
                    Axis = "depth",
                    LowerIsBetter = lowerIsBetter,
                    Wanted = [.. points.Select(p => p.X)],
                    Samples = points[0].Samples.Length,
                    Points = [.. points.Select(p => new BenchPoint(p.X, p.Samples))],
                },
            ],
        };

    public static BenchFile FileOf(params BenchRecord[] runs) => new() { Schema = BenchFile.CurrentSchema, Runs = runs };
}
