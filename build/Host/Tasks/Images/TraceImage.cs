using Cake.Frosting;
using Gfxbake.Host.Steps;
using Gfxbake.Host.Tools;
using Gfxbake.Pipeline.Steps;
using Gfxbake.Pipeline.Trace;

namespace Gfxbake.Host.Tasks.Images;

/// <summary>Runs every workload under strace in an image derived from the full one, on the CPU and on a GPU that does not exist.</summary>
[TaskName("TraceImage")]
[TaskDescription("Traces what the workloads touch, on CPU and null GPU")]
[IsDependentOn(typeof(FullImage))]
public sealed class TraceImage : StepTask<TraceInput, TraceRecord>
{
    protected override Step<TraceInput, TraceRecord> Of(BuildContext context) => new TraceStep(new Bases(context));
}
