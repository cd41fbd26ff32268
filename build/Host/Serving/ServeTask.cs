using Cake.Frosting;
using Gfxbake.Host.Steps;

namespace Gfxbake.Host.Serving;

/// <summary>A target that runs a program of the image for a person. (A class named Run can't have a method of that name.)</summary>
public abstract class ServeTask : FrostingTask<BuildContext>, IDryRun
{
    public override void Run(BuildContext context) =>
        context.Interruption.Guard(() =>
        {
            var start = new ModelStart(context);
            var run = start.Prepare();
            ProgramProcess.RunOrSay(
                context,
                run,
                start.Notes,
                () =>
                {
                    ModelStart.NeedPorts(run);
                    foreach (var port in run.Ports)
                        Console.Error.WriteLine($"When it is ready: http://{port.Address}:{port.Host} (Ctrl-C ends it)");
                }
            );
        });
}
