using Cake.Core;
using Cake.Frosting;
using Gfxbake.Host.Measuring;
using Gfxbake.Host.Steps;
using Gfxbake.Pipeline.Bench;

namespace Gfxbake.Host.Tasks.Run;

/// <summary>Measures models in the minimal image, or shows what was measured.</summary>
[TaskName("Bench")]
[TaskDescription("Measures models in the image: --model=M.gguf --depths=0")]
public sealed class Bench : FrostingTask<BuildContext>, IDryRun
{
    private const string Missing =
        $"Bench needs --{Arguments.Model}=, --{Arguments.Compare}= or --{Arguments.Plot}=, for instance "
        + "./build.sh --target=Bench --model=gpt-oss-20b";

    public override void Run(BuildContext context)
    {
        try
        {
            if (context.Value(Arguments.Compare) is { } files)
                BenchOutput.Compare(context, files);
            else if (context.Value(Arguments.Plot) is { } plotted)
                BenchOutput.Plot(context, plotted);
            else if (context.Value(Arguments.Model) is { } models)
                context.Interruption.Guard(() => new BenchCampaign(context).Run(models));
            else
                throw new CakeException(Missing);
        }
        catch (BenchException exception)
        {
            throw new CakeException(exception.Message);
        }
    }
}
