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

    /// <summary>What the workloads ran on, the CPU first: "on the CPU, on the null GPU and on lavapipe".</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public string Machines =>
        TextLines.List([
            .. Workloads
                .Where(w => w.On != WorkloadVerdict.Nothing && w.Unproven is null)
                .OrderBy(w => w.Device is not null)
                .Select(w => "on " + w.On)
                .Distinct(),
        ]);

    public bool Passed => Workloads.Count > 0 && Workloads.All(w => w.Problems.Count == 0);
}
