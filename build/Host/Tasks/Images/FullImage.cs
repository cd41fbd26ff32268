using Cake.Frosting;
using Gfxbake.Host.Steps;
using Gfxbake.Host.Tools;
using Gfxbake.Pipeline.Full;
using Gfxbake.Pipeline.Steps;

namespace Gfxbake.Host.Tasks.Images;

/// <summary>The image as the packages give it, and its file system as one tar that later steps read by random access.</summary>
[TaskName("FullImage")]
[TaskDescription("Builds the full image and exports its file system")]
[IsDependentOn(typeof(BaseImage))]
public sealed class FullImage : StepTask<FullInput, FullRecord>
{
    protected override Step<FullInput, FullRecord> Of(BuildContext context) => new FullStep(new Bases(context), new Sources(context));
}
