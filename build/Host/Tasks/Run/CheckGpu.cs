using Cake.Core;
using Cake.Frosting;
using Gfxbake.Host.Checks;
using Gfxbake.Host.Serving;
using Gfxbake.Host.Steps;
using Gfxbake.Pipeline.Check;

namespace Gfxbake.Host.Tasks.Run;

/// <summary>Proves on a machine that the GPU is used and computes what the CPU computes.</summary>
[TaskName("CheckGpu")]
[TaskDescription("Tells whether the GPU is used and computes rightly")]
public sealed class CheckGpu : FrostingTask<BuildContext>
{
    public override void Run(BuildContext context) =>
        context.Interruption.Guard(() =>
        {
            var device = context.Value(Arguments.Device) is { } name and not RunDevice.Gpu ? name : null;
            var isPackage = context.Flag(Arguments.Package);
            var target = StepRecords.OfStep(() => GpuTarget.Of(context.Book, context.Recipe, context.VariantName, device));
            var checks = new GpuChecks(context, target, context.Machine);
            checks.FindGpu();
            context.Interruption.Lock(context);
            var report = StepRecords.OfStep(() => isPackage ? checks.OfPackage() : checks.OfImage());
            checks.Write(report);
            if (report.Verdict > GpuVerdict.NotCompared)
                throw new CakeException(checks.Problem(report));
        });
}
