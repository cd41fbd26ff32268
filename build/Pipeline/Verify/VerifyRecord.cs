using Gfxbake.Formats.Text;
using Gfxbake.Pipeline.Steps;
using Gfxbake.Pipeline.Trace;

namespace Gfxbake.Pipeline.Verify;

/// <summary>verify.json: what every workload gave in the pruned image.</summary>
public sealed record VerifyRecord : StepRecord
{
    public required string Image { get; init; }

    public required string ImageId { get; init; }

    public required IReadOnlyList<WorkloadVerdict> Workloads { get; init; }

    /// <summary>What nobody tried, and why.</summary>
    public IReadOnlyList<WorkloadNotRun> NotRun { get; init; } = [];

    /// <summary>What the workloads ran on, the CPU first: "on the CPU, on the null GPU and on lavapipe".</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public string Machines =>
        TextLines.List([
            .. Workloads
                .Where(w => w.On != WorkloadVerdict.Nothing)
                .OrderBy(w => w.Device is not null)
                .Select(w => "on " + w.On)
                .Distinct(),
        ]);

    public bool Passed => Workloads.Count > 0 && Workloads.All(w => w.Problems.Count == 0);
}

/// <summary>A workload that was left out.</summary>
/// <param name="Name">The workload.</param>
/// <param name="Device">What it would have run on.</param>
/// <param name="On">The device, as sentences name it.</param>
/// <param name="Why">In a few words.</param>
public sealed record WorkloadNotRun(string Name, string Device, string On, string Why);
