using Cake.Frosting;
using Gfxbake.Host.Steps;
using Gfxbake.Pipeline.Minimal;
using Gfxbake.Pipeline.Steps;

namespace Gfxbake.Host.Tasks.Images;

/// <summary>Builds the pruned image under a name of its own: it is the minimal image only after it was verified.</summary>
[TaskName("MinimalCandidate")]
[TaskDescription("Builds the pruned image from the plan, not yet verified")]
[IsDependentOn(typeof(PlanPrune))]
public sealed class MinimalCandidate : StepTask<MinimalInput, MinimalRecord>
{
    protected override Step<MinimalInput, MinimalRecord> Of(BuildContext context) => new MinimalStep();
}
