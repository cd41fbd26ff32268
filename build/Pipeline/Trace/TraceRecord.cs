using Gfxbake.Formats.Strace;
using Gfxbake.Pipeline.Steps;

namespace Gfxbake.Pipeline.Trace;

/// <summary>trace.json: what all workloads together touched.</summary>
public sealed record TraceRecord : StepRecord
{
    public required string Image { get; init; }

    public required IReadOnlyList<WorkloadCounts> Workloads { get; init; }

    public required IReadOnlyList<TracedPath> Paths { get; init; }
}
