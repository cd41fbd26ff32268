using Cake.Frosting;
using Gfxbake.Host.Ollama;
using Gfxbake.Host.Steps;

namespace Gfxbake.Host.Tasks.Rocm;

/// <summary>Runs what BuildOllama made, and tells from its log which GPU computes.</summary>
[TaskName("RunOllama")]
[TaskDescription("Runs the compiled Ollama: --port=, --model-base=")]
public sealed class RunOllama : FrostingTask<BuildContext>, IDryRun
{
    public override void Run(BuildContext context) => context.Interruption.Guard(() => new OllamaServer(context).Run());
}
