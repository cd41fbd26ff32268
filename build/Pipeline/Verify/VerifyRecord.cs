using Gfxbake.Pipeline.Steps;

namespace Gfxbake.Pipeline.Verify;

/// <summary>verify.json: what every workload gave in the pruned image.</summary>
public sealed record VerifyRecord : StepRecord
{
    public required string Image { get; init; }

    public required string ImageId { get; init; }

    public required IReadOnlyList<WorkloadVerdict> Workloads { get; init; }

    public bool Passed => Workloads.Count > 0 && Workloads.All(w => w.Problems.Count == 0);
}

/// <param name="Name">The workload.</param>
/// <param name="Gpu">What it ran on.</param>
/// <param name="Problems">Everything that differs from the full image's run or from the expectations; empty when it passed.</param>
public sealed record WorkloadVerdict(string Name, string Gpu, IReadOnlyList<string> Problems);
