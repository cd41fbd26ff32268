using Cake.Frosting;
using Gfxbake.Host.Steps;
using Gfxbake.Host.Tools;
using Gfxbake.Pipeline.Devices;
using Gfxbake.Pipeline.Steps;

namespace Gfxbake.Host.Tasks.Images;

/// <summary>Makes the files of the devices that a variant is tried on.</summary>
[TaskName("DeviceKits")]
[TaskDescription("Makes what stands in for a GPU: null GPUs, lavapipe")]
[IsDependentOn(typeof(BaseImage))]
public sealed class DeviceKits : StepTask<KitsInput, KitsRecord>
{
    protected override Step<KitsInput, KitsRecord> Of(BuildContext context) =>
        new KitsStep(new Bases(context), context.Environment.GetEnvironmentVariable("PATH"));
}
