using Cake.Frosting;
using Gfxbake.Host.Rocm;

namespace Gfxbake.Host.Tasks.Rocm;

/// <summary>Writes a copy of one library with the code of the wanted GPUs alone, for people who want just that.</summary>
[TaskName("SlimLibrary")]
[TaskDescription("Writes a library with the code of some GPUs only")]
public sealed class SlimLibrary : FrostingTask<BuildContext>
{
    public override void Run(BuildContext context) => LibrarySlimmer.Run(context);
}
