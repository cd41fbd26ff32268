using Cake.Core;
using Cake.Frosting;
using Gfxbake.Host.Steps;
using Gfxbake.Pipeline.Plan;
using Spectre.Console;

namespace Gfxbake.Host.Tasks.Run;

/// <summary>Explains one path of the plan.</summary>
[TaskName("Why")]
[TaskDescription("Tells why a path is kept or dropped: --path=/usr/lib/…")]
public sealed class Why : FrostingTask<BuildContext>
{
    public override void Run(BuildContext context)
    {
        var path =
            context.Value(Arguments.Path)
            ?? throw new CakeException($"Why needs --path=, for instance {context.Command("Why")} --path=/usr/bin/llama-server");
        AnsiConsole.WriteLine(PlanExplanation.Of(context.ReadPlan(), path));
    }
}
