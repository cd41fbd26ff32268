using Cake.Frosting;
using Gfxbake.Host.Steps;
using Gfxbake.Host.Tools;

namespace Gfxbake.Host.Serving;

/// <summary>A target that runs a program of the image for a person. (A class named Run can't have a method of that name.)</summary>
public abstract class ServeTask : FrostingTask<BuildContext>, IDryRun
{
    public override void Run(BuildContext context) =>
        context.Interruption.Guard(() =>
        {
            var start = new ModelStart(context);
            var run = start.Prepare();
            foreach (var note in start.Notes)
                Console.Error.WriteLine(note);
            if (DryRun.Asked(context))
            {
                foreach (var line in new RunCommand(context).Command(run))
                    context.CommandLine.Output.WriteLine(line);
                return;
            }

            ModelStart.NeedPorts(run);
            foreach (var port in run.Ports)
                Console.Error.WriteLine($"When it is ready: http://{port.Address}:{port.Host} (Ctrl-C ends it)");
            context.CommandLine.Status = ProgramProcess.Run(context, run);
        });
}
