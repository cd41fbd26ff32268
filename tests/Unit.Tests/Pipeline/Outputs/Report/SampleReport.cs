using Gfxbake.Formats.Images;
using Gfxbake.Formats.Tar;
using Gfxbake.Pipeline.Full;
using Gfxbake.Pipeline.Minimal;
using Gfxbake.Pipeline.Numbers;
using Gfxbake.Pipeline.Outputs.Report;
using Gfxbake.Pipeline.Plan;
using Gfxbake.Pipeline.Proof;
using Gfxbake.Recipes.Model;

namespace Gfxbake.Unit.Tests.Pipeline.Outputs.Report;

/// <summary>
/// A build with as many paths as a test asks for; the same number gives the same build. Its first paths are for the tests to name.
/// </summary>
internal static class SampleReport
{
    public const string Program = "/usr/bin/server";
    public const string Slimmed = "/usr/lib/libkernels.so.1";

    /// <summary>Would end a script element, break a line, a string or the direction of writing if a page let it.</summary>
    public const string Hostile = "/usr/share/</script><img src=x onerror=alert(1)>\n\u2028\u202e\"'&`é\U0001f9e8";

    private static readonly string[] Folders =
    [
        "/usr/lib",
        "/usr/lib/rocblas/library",
        "/usr/share/doc",
        "/usr/lib/python3/deep/er",
        "/opt/app",
        "/var/lib/data",
    ];

    /// <summary>A library that has a stand-in, where a test asks for one.</summary>
    public const string Replaced = "/usr/lib/libneeded.so";

    public static ReportData Data(int paths, int builds = 0, bool standIn = false)
    {
        var slimmed = new SlimmedFile(Slimmed, 1_000_000_000, 150_000_000, "");
        var plan = Plan(paths);
        if (standIn)
            plan = plan with { Entries = [.. plan.Entries.Select(e => e.Path == Replaced ? StandIn(e) : e)] };
        var full = plan.Entries.Where(e => e.Kind == EntryKind.File).ToList();
        var minimal = full.Where(e => e.IsKept).ToList();
        return ReportData.Of(
            plan,
            new FullRecord
            {
                Inputs = [],
                Image = "full",
                ImageId = "1",
                Version = "1.2.3",
                Files = "",
                Packages = [],
                Size = Size(full.Sum(e => e.Size), full.Count),
            },
            new MinimalRecord
            {
                Inputs = [],
                Image = "minimal",
                ImageId = "2",
                Verified = true,
                RootFileSystem = "",
                Layers = [new LayerRecord("system", "", 0, 1, 20_000_000), new LayerRecord("rocm", "", 0, 1, 90_000_000)],
                Slimmed = [slimmed],
                Size = Size(minimal.Sum(e => e.PlannedSize) - slimmed.Before + slimmed.After, minimal.Count),
            },
            path => path.StartsWith("/opt", StringComparison.Ordinal) ? null : $"package-{path.Length % 7}",
            new ReportHeading("sample", "debian", "0123456789abcdef"),
            [
                .. Enumerable
                    .Range(1, builds)
                    .Select(i => new ReportHistoryRow(
                        $"2026-01-{i:00}",
                        $"rev{i}",
                        "1.2.3",
                        2_000_000_000,
                        900_000_000 - (i * 50_000_000),
                        i > 1 ? 200_000_000 : null
                    )),
            ],
            []
        );
    }

    /// <summary>Two answers: one within its limit, of a whole vocabulary, and one that is above it and whose token is hostile.</summary>
    public static IReadOnlyList<ReportNumbers> Numbers { get; } =
    [
        new(
            "server-device",
            new NumberComparison
            {
                Request = "POST /completion",
                Against = "server-cpu",
                Positions = 8,
                PositionsCompared = 8,
                Compared = 1216,
                Least = 200,
                Largest = 0.0074,
                Limit = 0.02,
                Divergence = 0.000012,
                Place = new NumberPlace(3, new TokenPair(372, " GPU", -4.7361, -4.7435)),
                First = [new(353, "~", Math.Log(0.8), Math.Log(0.79)), new(372, " GPU", -4.7361, -4.7435), new(379, "", -10.7, null)],
            }
        ),
        new(
            "server-other",
            new NumberComparison
            {
                Request = "POST /completion",
                Against = "server-cpu",
                Positions = 8,
                PositionsCompared = 2,
                Compared = 23,
                Least = 36,
                Largest = 0.16,
                Limit = 0.02,
                Place = new NumberPlace(1, new TokenPair(5, Hostile, -1, -1.16)),
                First = [new(5, Hostile, -1, -1.16)],
            }
        ),
        new(
            "server-embedding",
            new NumberComparison
            {
                Request = "POST /v1/embeddings",
                Kind = NumberKind.Embeddings,
                Against = "server-cpu-embedding",
                Positions = 1,
                PositionsCompared = 1,
                Compared = 256,
                Least = 256,
                Largest = 0.00004,
                Limit = 0.001,
                Place = new NumberPlace(1, new TokenPair(7, "", 0.17, 0.17004)),
                First = [new(7, "", 0.17, 0.17004)],
            }
        ),
    ];

    private static PrunePlan Plan(int paths)
    {
        var entries = new List<PlanEntry>
        {
            Entry("/", 0, Reason.DirectoryOf, "/usr") with
            {
                Kind = EntryKind.Directory,
            },
            Entry(Program, 6_000_000, Reason.Traced, "serve-cpu"),
            Entry(Slimmed, 1_000_000_000, Reason.NeededBy, Program) with
            {
                Action = PlanAction.SlimOffload,
            },
            Entry("/usr/lib/libneeded.so", 3_000_000, Reason.NeededBy, Slimmed),
            Entry("/usr/lib/libloaded.so", 90_000_000, Reason.DlopenedBy, "/usr/lib/libneeded.so"),
            Entry(Hostile, 77, Reason.RecipeKeep, "/usr/share/*"),
        };
        for (var i = entries.Count; i < paths; i++)
        {
            var size = (i * 7919L) % 1_000_003;
            var path = $"{Folders[i % Folders.Length]}/{i % 40:00}/file-{i:00000}.{(i % 3 == 0 ? "so" : "dat")}";
            entries.Add(
                (i % 5) switch
                {
                    0 => Entry(path, size, Reason.KernelOfTarget, Slimmed),
                    1 => Entry(path, size, Reason.Traced, "serve-cpu, serve-gpu"),
                    _ => Entry(path, size, Reason.Unreferenced, null) with { Action = PlanAction.Drop },
                }
            );
        }

        return new PrunePlan
        {
            CodeTargets = ["gfx1100"],
            KeepRules = [new KeepRule("/usr/share/*", "the test wants it")],
            Entries = [.. entries.OrderBy(e => e.Path, StringComparer.Ordinal)],
        };
    }

    /// <summary>The same with recorded answers.</summary>
    public static PlanEntry Answering(PlanEntry entry) =>
        StandIn(entry) is var standIn ? standIn with { StandIn = standIn.StandIn! with { Answers = 40 } } : entry;

    private static PlanEntry StandIn(PlanEntry entry) =>
        entry with
        {
            Action = PlanAction.StandIn,
            StandIn = new PlanStandIn
            {
                Rule = "sample-rule",
                Why = "nobody calls <it>",
                Next = "wait",
                SoName = "libneeded.so",
                For = [Slimmed],
                Functions = ["one", "two"],
                Size = 20_000,
            },
        };

    private static PlanEntry Entry(string path, long size, Reason reason, string? by) =>
        new()
        {
            Path = path,
            Kind = EntryKind.File,
            Size = size,
            Action = PlanAction.Keep,
            Causes = [new Cause(reason, by)],
        };

    private static ImageSize Size(long bytes, int files) => new(new ImageStatistics(bytes, files, 0, 0, 0, 0), bytes);
}
