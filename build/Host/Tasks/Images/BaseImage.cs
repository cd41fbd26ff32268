using Cake.Frosting;
using Gfxbake.Host.Steps;
using Gfxbake.Host.Tools;
using Gfxbake.Pipeline.Base;
using Gfxbake.Pipeline.Steps;

namespace Gfxbake.Host.Tasks.Images;

/// <summary>The distribution's bare root file system: from a registry by digest when one answers, else bootstrapped here.</summary>
[TaskName("BaseImage")]
[TaskDescription("Pulls the base by digest, or bootstraps it")]
public sealed class BaseImage : StepTask<BaseInput, BaseRecord>
{
    protected override Step<BaseInput, BaseRecord> Of(BuildContext context) => new BaseStep(new Bases(context));
}
