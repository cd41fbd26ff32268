using Cake.Core;
using Cake.Frosting;
using Gfxbake.Formats.Tar;
using Gfxbake.Host.Tools;
using Gfxbake.Pipeline.Steps;

namespace Gfxbake.Host.Steps;

/// <summary>The target of a step: takes the lock, and says of a full disk or an interruption what happened.</summary>
public abstract class StepTask<TInput, TRecord> : FrostingTask<BuildContext>
    where TInput : class
    where TRecord : StepRecord
{
    protected abstract Step<TInput, TRecord> Of(BuildContext context);

    public sealed override void Run(BuildContext context) =>
        context.Interruption.Guard(() =>
        {
            var step = Of(context);
            try
            {
                context.Interruption.Lock(context);
                var engine = new CommandLineEngine(context);
                var code = StepCode.Of(context.Paths, step.GetType(), [engine.GetType(), .. step.Outside.Select(o => o.GetType())]);
                StepRunner.Run(step, context.Workspace, engine, new CakeReporter(context), code, context.Interruption.Token);
            }
            catch (Exception exception) when (DiskFull.Caused(exception) && !context.Interruption.Requested)
            {
                throw DiskFull.Explain(step.Name, exception);
            }
            catch (StepException exception)
            {
                throw new CakeException(exception.Message);
            }
            catch (ImageFormatException exception) when (exception.Export == context.Paths.FullTar)
            {
                // Its length is as recorded, so FullImage alone would take it for good.
                throw new CakeException(
                    $"{exception.Message}\nNext: rm {context.Paths.Show(context.Paths.FullTar)}, then run the same command again: "
                        + "FullImage writes it anew."
                );
            }
        });
}
