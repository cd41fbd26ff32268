using Cake.Frosting;
using Gfxbake.Host.Exports;

namespace Gfxbake.Host.Tasks.Exports;

/// <summary>Loads an exported image into the engine, after its checksum; docker can't read .zst itself.</summary>
[TaskName("LoadImage")]
[TaskDescription("Loads an export into the engine: --file=…")]
public sealed class LoadImage : FrostingTask<BuildContext>
{
    public override void Run(BuildContext context) => ImageLoader.Run(context);
}
