using Gfxbake.Pipeline.Bench;
using Gfxbake.Pipeline.Outputs.Report;
using Gfxbake.Pipeline.Run;
using Gfxbake.Recipes.Shared;

namespace Gfxbake.Unit.Tests.Pipeline.Outputs.Report;

/// <summary>What Doctor, FitModel and Bench may leave; each of their texts is hostile somewhere.</summary>
internal static class SampleRunning
{
    public static HostReport Doctor { get; } =
        new()
        {
            Recipe = "sample",
            Variant = "debian",
            Gpu = "gfx1151",
            Works = false,
            Findings =
            [
                new()
                {
                    Check = "driver",
                    Title = "Driver",
                    Level = FindingLevel.Error,
                    Found = SampleReport.Hostile,
                    Why = "Without it no program finds the GPU.",
                    Source = "docs/hosts.md",
                    Read = "2026-11-28",
                    Remedy = "load it.",
                    Run = ["sudo modprobe amdgpu"],
                    Add = ["ttm.pages_limit=1"],
                    Remove = [],
                },
            ],
            Boot = [],
        };

    public static FitSheet Fit { get; } =
        new()
        {
            Model = SampleReport.Hostile,
            Architecture = "gpt-oss",
            IsKnown = true,
            Layers = 24,
            Windowed = 12,
            WithState = 0,
            Parts = 2,
            Sequences = 4,
            Memory = 10_000_000_000,
            MemorySource = "--memory",
            Margin = 1_000_000_000,
            Estimates = [new(8192, "f16", 7_000_000_000, 500_000_000, 600_000_000, 0, 400_000_000, 8_500_000_000, FitAnswer.Fits)],
        };

    public static BenchRecord Run { get; } =
        new()
        {
            Title = SampleReport.Hostile,
            Subject = new()
            {
                Name = "sample debian",
                Versions = new Dictionary<string, string> { ["build"] = "1" },
            },
            Model = new("tiny", "sha256:1", 1),
            Device = new("the null GPU", false, false, "offloaded 3/3 layers to GPU"),
            Host = new Dictionary<string, string>(),
            Settings = new Dictionary<string, string>(),
            Series = [Series("pp512", 1200), Series("tg128", 50.25)],
            Started = DateTimeOffset.UnixEpoch,
            Ended = DateTimeOffset.UnixEpoch,
        };

    public static ReportRunning All { get; } =
        new()
        {
            Doctor = Doctor,
            Fits = [Fit],
            Runs = [Run],
        };

    private static BenchSeries Series(string name, double rate) =>
        new()
        {
            Name = name,
            Unit = "tokens/s",
            Axis = "depth",
            Wanted = [0, 4096],
            Samples = 3,
            Points = [new(0, [rate, rate - 1, rate + 1]), new(4096, [rate / 2, rate / 2, rate / 2])],
        };
}
