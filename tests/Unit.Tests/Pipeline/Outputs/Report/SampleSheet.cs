using Gfxbake.Pipeline.Numbers;
using Gfxbake.Pipeline.Outputs.Report;
using Gfxbake.Pipeline.Trace;
using Gfxbake.Pipeline.Verify;
using Gfxbake.Recipes.Model;

namespace Gfxbake.Unit.Tests.Pipeline.Outputs.Report;

/// <summary>A recipe with two variants whose numbers are compared, and one that compares none.</summary>
internal static class SampleSheet
{
    private static readonly Device Emulated = new()
    {
        Title = "the emulated GPU",
        Api = DeviceApi.Hsa,
        Computes = true,
    };

    private static readonly Device Drawing = Emulated with { Title = "a Vulkan device", Api = DeviceApi.Vulkan };

    public static Recipe Recipe { get; } =
        new()
        {
            Name = "tool",
            Summary = "a sample",
            Source = "",
            License = "",
            Gpu = "gfx1151",
            DefaultVariant = "debian",
            Image = new ImageMetadata { User = "someone", Workdir = "/" },
            Layers = [],
            Variants = new Dictionary<string, Variant>
            {
                ["debian"] = Variant("gfx1100", "emulated", "drawing"),
                ["native"] = Variant("gfx1151", "emulated"),
                ["plain"] = Variant("gfx1151"),
            },
            Workloads =
            [
                Server("cpu", null, null),
                Server("serve", "emulated", Emulated),
                Server("embed", "emulated", Emulated),
                Server("draw", "drawing", Drawing),
            ],
        };

    /// <summary>The CPUs of the variants differ for serve and are the same for embed; one token is hostile.</summary>
    public static NumberSheet Both { get; } =
        NumberSheet.Of(
            Recipe,
            variant =>
                new(
                    variant == "debian"
                        ? Record(
                            Verdict(
                                "serve",
                                Found(
                                    0.0108,
                                    new(353, "~", Math.Log(0.8), Math.Log(0.79)),
                                    new(5, SampleReport.Hostile, Math.Log(0.1), Math.Log(0.11))
                                )
                            ),
                            Verdict("embed", Vector(0.00004, new(7, "", 0.17, 0.17004))),
                            Verdict("draw") with
                            {
                                Unproven = "not run (drawing is not installed)",
                            }
                        )
                        : Record(
                            Verdict(
                                "serve",
                                Found(0.9, new(353, "~", Math.Log(0.7), Math.Log(0.75)), new(372, " GPU", Math.Log(0.2), null)),
                                "POST /completion: 0.9 apart"
                            ),
                            Verdict("embed", Vector(0.00005, new(7, "", 0.17, 0.17005)))
                        ),
                    ""
                )
        );

    public static VerifyRecord Record(params IReadOnlyList<WorkloadVerdict> verdicts) =>
        new()
        {
            Inputs = [],
            Image = "i",
            ImageId = "2",
            Workloads = verdicts,
        };

    public static WorkloadVerdict Verdict(string name, NumberComparison? found = null, params IReadOnlyList<string> problems) =>
        new(name, "emulated", Emulated.Title, problems) { Numbers = found is null ? [] : [found] };

    public static NumberComparison Found(double largest, params IReadOnlyList<TokenPair> first) =>
        new()
        {
            Request = "POST /completion",
            Against = "cpu",
            Positions = 3,
            PositionsCompared = 3,
            Compared = 1152,
            Least = 300,
            Largest = largest,
            Limit = 0.05,
            Place = new NumberPlace(1, first[0]),
            First = first,
        };

    private static NumberComparison Vector(double largest, TokenPair value) => Found(largest, value) with { Kind = NumberKind.Embeddings };

    private static Variant Variant(string target, params IReadOnlyList<string> devices) =>
        new()
        {
            Summary = "a sample",
            Base = new BaseSource(),
            CodeTarget = target,
            Dockerfile = "docker/full.Dockerfile",
            Devices = devices,
        };

    private static Workload Server(string name, string? device, Device? on) =>
        new Workload
        {
            Name = name,
            Device = device,
            Command = ["server"],
            Serve = new Serve
            {
                Port = 1,
                Ready = "/",
                Requests =
                [
                    new HttpProbe { Path = "/health" },
                    new HttpProbe
                    {
                        Path = "/completion",
                        Json = "{}",
                        Numbers = device is null
                            ? null
                            : new NumberLimits
                            {
                                Against = "cpu",
                                Largest = 0.05,
                                Least = 300,
                            },
                    },
                ],
            },
        }.RunOn(on);
}
