using Cake.Frosting;
using Gfxbake.Host.Ollama;
using Gfxbake.Host.Steps;

namespace Gfxbake.Host.Tasks.Rocm;

/// <summary>Logs, versions and settings for an upstream report.</summary>
[TaskName("ShareBuild")]
[TaskDescription("Packs a report on the build, with nothing personal")]
public sealed class ShareBuild : FrostingTask<BuildContext>, IDryRun
{
    public override void Run(BuildContext context) => context.Interruption.Guard(() => new ShareReport(context).Run());
}
