using Gfxbake.Pipeline.Trace;

namespace Gfxbake.Pipeline.Check;

/// <summary>The two runs of a check.</summary>
/// <param name="Cpu">What the CPU gave.</param>
/// <param name="Gpu">What the GPU gave, or what stands in for one.</param>
/// <param name="Maps">/proc/PID/maps of the second, after its last answer; empty when it had ended before.</param>
public sealed record GpuRuns(WorkloadResult Cpu, WorkloadResult Gpu, IReadOnlyList<string> Maps);
