using Cake.Frosting;
using Gfxbake.Host.Serving;
using Gfxbake.Host.Steps;

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
            if (!ProgramProcess.RunOrSay(context, start.Prepare(), start.Notes, start.Ready))
                return;
            foreach (var line in start.Profile())
                Console.Error.WriteLine(line);
        });
}
