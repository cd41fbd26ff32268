using Cake.Frosting;
using Gfxbake.Host.Serving;
using Gfxbake.Host.Steps;
using Gfxbake.Host.Tools;

namespace Gfxbake.Host.Tasks.Run;

/// <summary>Runs any program of the image on a GPU that computes without hardware.</summary>
[TaskName("Emulate")]
[TaskDescription("Runs a program on a GPU that is computed: -- COMMAND")]
public sealed class Emulate : FrostingTask<BuildContext>, IDryRun
{
    public override void Run(BuildContext context) =>
        context.Interruption.Guard(() =>
        {
            var start = new EmulatedStart(context);
            var run = start.Prepare();
            foreach (var note in start.Notes)
                Console.Error.WriteLine(note);
            if (DryRun.Asked(context))
            {
                foreach (var line in new RunCommand(context).Command(run))
                    context.CommandLine.Output.WriteLine(line);
                return;
            }

            start.Ready();
            context.CommandLine.Status = ProgramProcess.Run(context, run);
            foreach (var line in start.Profile())
                Console.Error.WriteLine(line);
        });
}
