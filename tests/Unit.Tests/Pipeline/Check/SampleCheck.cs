using Gfxbake.Pipeline.Check;
using Gfxbake.Pipeline.Trace;
using Gfxbake.Recipes.Model;
using Gfxbake.Unit.Tests.Pipeline.Numbers;

namespace Gfxbake.Unit.Tests.Pipeline.Check;

/// <summary>A check with what it gave on a GPU that is as it should be; tests change one thing.</summary>
internal static class SampleCheck
{
    public const string Used = "device G0 (a GPU) ready\noffloaded 3/3 layers\nran add\nran mul\nran add\n";

    public static readonly string Good = Completions.Of([(1, -0.1), (2, -2.5)], [(2, -0.2), (1, -2)]);

    public static readonly string[] Maps =
    [
        "7f0000000000-7f0000001000 r--p 00000000 08:01 42                         /usr/lib/libgpu.so.7.2",
        "7f0000001000-7f0000002000 r-xp 00001000 08:01 42                         /usr/lib/libgpu.so.7.2",
        "7f0000003000-7f0000004000 r--p 00000000 08:01 43                         /usr/lib/libback.so",
        "7f0000005000-7f0000006000 rw-p 00000000 00:00 0 ",
        "7ffd00000000-7ffd00021000 rw-p 00000000 00:00 0                          [stack]",
        "7f0000007000-7f0000008000 r--p 00000000 08:01 44                         /models/model.gguf",
    ];

    public static Workload Workload { get; } =
        new()
        {
            Name = "check",
            Device = "still",
            Command = ["server"],
            Expect = ["offloaded 3/3"],
            Reject = ["no GPU"],
            Serve = new()
            {
                Port = 8080,
                Ready = "/",
                Requests =
                [
                    new()
                    {
                        Path = "/completion",
                        Json = """{"n_probs":2}""",
                        Numbers = new()
                        {
                            Against = GpuCheck.Cpu,
                            Largest = 0.5,
                            Least = 4,
                        },
                    },
                ],
            },
            Check = new()
            {
                CpuEnvironment = new Dictionary<string, string> { ["DEVICE"] = "none" },
                Watch = new Dictionary<string, string> { ["LOG"] = "3" },
                Kernels = @"^ran (?<kernel>\w+)",
                Maps = ["cat", "/proc/1/maps"],
                Loads = ["libback.so", "libgpu.so"],
                Shows = new Dictionary<string, string>
                {
                    ["device"] = "device (?<shown>.*) ready",
                    ["layers"] = "offloaded (?<shown>[0-9/]+)",
                },
            },
        };

    public static WorkloadResult Result(string body, string stderr, int status = 0, int answered = 200) =>
        new()
        {
            Name = "check",
            ExitCode = status,
            Stdout = "",
            Stderr = stderr,
            Answers = [new("POST /completion", answered, body)],
        };

    public static GpuFinding Judge(
        WorkloadResult? gpu = null,
        WorkloadResult? cpu = null,
        bool computes = true,
        IReadOnlyList<string>? maps = null,
        Workload? workload = null
    ) => GpuJudge.Judge(workload ?? Workload, computes, new(cpu ?? Result(Good, "no GPU\n"), gpu ?? Result(Good, Used), maps ?? Maps));
}
