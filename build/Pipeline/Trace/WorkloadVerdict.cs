using Gfxbake.Pipeline.Numbers;

namespace Gfxbake.Pipeline.Trace;

/// <param name="Name">The workload.</param>
/// <param name="Gpu">What it ran on.</param>
/// <param name="Problems">Everything that differs from the full image's run or from the expectations; empty when it passed.</param>
public sealed record WorkloadVerdict(string Name, string Gpu, IReadOnlyList<string> Problems)
{
    /// <summary>What its answers were compared with, number by number.</summary>
    public IReadOnlyList<NumberComparison> Numbers { get; init; } = [];
}
