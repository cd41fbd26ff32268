using Cake.Frosting;
using Gfxbake.Host.Steps;
using Gfxbake.Pipeline.Steps;
using Gfxbake.Pipeline.Verify;

namespace Gfxbake.Host.Tasks.Images;

/// <summary>Runs every workload in the pruned image and compares it with the full image's run.</summary>
[TaskName("VerifyMinimal")]
[TaskDescription("Runs the workloads in the pruned image and compares")]
[IsDependentOn(typeof(MinimalCandidate))]
public sealed class VerifyMinimal : StepTask<VerifyInput, VerifyRecord>
{
    public override bool ShouldRun(BuildContext context) => !context.Flag(Arguments.SkipVerify);

    protected override Step<VerifyInput, VerifyRecord> Of(BuildContext context) => new VerifyStep();
}
