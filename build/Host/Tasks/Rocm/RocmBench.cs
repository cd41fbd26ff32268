using Cake.Core;
using Cake.Frosting;
using Gfxbake.Host.Measuring;
using Gfxbake.Host.Steps;
using Gfxbake.Pipeline.Bench;

namespace Gfxbake.Host.Tasks.Rocm;

/// <summary>Measures a server through its API: the image's on one device, or one that runs already, such as Ollama.</summary>
[TaskName("RocmBench")]
[TaskDescription("Measures a server: --model=M.gguf or --url=NAME=URL")]
public sealed class RocmBench : FrostingTask<BuildContext>, IDryRun
{
    public override void Run(BuildContext context)
    {
        try
        {
            context.Interruption.Guard(() => new ServerBench(context).Run());
        }
        catch (BenchException exception)
        {
            throw new CakeException(exception.Message);
        }
    }
}
