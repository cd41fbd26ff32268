using Cake.Frosting;
using Gfxbake.Host.Steps;
using Gfxbake.Pipeline.Steps;
using Gfxbake.Pipeline.Trace;

namespace Gfxbake.Host.Tasks.Images;

/// <summary>Runs every workload under strace in an image derived from the full one, on the CPU and on what stands in for a GPU.</summary>
[TaskName("TraceImage")]
[TaskDescription("Traces what workloads touch, on the CPU and on devices")]
[IsDependentOn(typeof(FullImage))]
[IsDependentOn(typeof(DeviceKits))]
public sealed class TraceImage : StepTask<TraceInput, TraceRecord>
{
    protected override Step<TraceInput, TraceRecord> Of(BuildContext context) => new TraceStep();
}
