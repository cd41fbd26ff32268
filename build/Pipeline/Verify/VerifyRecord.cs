using Gfxbake.Pipeline.Steps;
using Gfxbake.Pipeline.Trace;

namespace Gfxbake.Pipeline.Verify;

/// <summary>verify.json: what every workload gave in the pruned image.</summary>
public sealed record VerifyRecord : StepRecord
{
    public required string Image { get; init; }

    public required string ImageId { get; init; }

    public required IReadOnlyList<WorkloadVerdict> Workloads { get; init; }

    public bool Passed => Workloads.Count > 0 && Workloads.All(w => w.Problems.Count == 0);
}
