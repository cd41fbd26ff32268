using Cake.Frosting;
using Gfxbake.Host.Serving;

namespace Gfxbake.Host.Tasks.Run;

/// <summary>What --model= can name, and what of it is there.</summary>
[TaskName("Models")]
[TaskDescription("Lists presets of models: which are here, which fit")]
public sealed class Models : FrostingTask<BuildContext>
{
    public override void Run(BuildContext context)
    {
        // Spectre's console would break the lines at 80 columns.
        foreach (var line in ModelList.Lines(context))
            Console.Out.WriteLine(line);
    }
}
