using Cake.Frosting;
using Gfxbake.Host.Ollama;
using Gfxbake.Host.Steps;

namespace Gfxbake.Host.Tasks.Rocm;

/// <summary>Compiles an Ollama against the recipe's stage, without a container.</summary>
[TaskName("BuildOllama")]
[TaskDescription("Compiles Ollama on this machine for the recipe's GPU")]
public sealed class BuildOllama : FrostingTask<BuildContext>, IDryRun
{
    public override void Run(BuildContext context) => context.Interruption.Guard(() => new OllamaBuilder(context).Run());
}
