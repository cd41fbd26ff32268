using Cake.Frosting;
using Gfxbake.Host.Steps;
using Gfxbake.Pipeline.Plan;
using Gfxbake.Pipeline.Plan.Pruning;
using Gfxbake.Pipeline.Steps;

namespace Gfxbake.Host.Tasks.Images;

/// <summary>Decides for every path of the full image whether it stays, and says why.</summary>
[TaskName("PlanPrune")]
[TaskDescription("Plans what stays: every path with its reason")]
[IsDependentOn(typeof(TraceImage))]
[IsDependentOn(typeof(RecordAnswers))]
public sealed class PlanPrune : StepTask<PlanInput, PlanRecord>
{
    protected override Step<PlanInput, PlanRecord> Of(BuildContext context) => new PlanStep();
}
