using Cake.Frosting;
using Gfxbake.Host.Steps;
using Gfxbake.Host.Tasks.Images;
using Gfxbake.Host.Tools;
using Gfxbake.Pipeline.Outputs.Package;
using Gfxbake.Pipeline.Steps;

namespace Gfxbake.Host.Tasks.Packages;

/// <summary>Turns the verified minimal image into the tree that packages install.</summary>
[TaskName("PackageBundle")]
[TaskDescription("Makes the runtime that the packages install")]
[IsDependentOn(typeof(MinimalImage))]
public sealed class PackageBundle : StepTask<RuntimeInput, RuntimeRecord>
{
    protected override Step<RuntimeInput, RuntimeRecord> Of(BuildContext context) =>
        new RuntimeStep(new Bases(context), new Sources(context));
}
