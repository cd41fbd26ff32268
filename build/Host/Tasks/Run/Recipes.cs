using Cake.Core;
using Cake.Frosting;
using Gfxbake.Pipeline.Outputs.Sizes;

namespace Gfxbake.Host.Tasks.Run;

/// <summary>What there is to build.</summary>
[TaskName("Recipes")]
[TaskDescription("Lists recipes and variants with their GPU and cost")]
public sealed class Recipes : FrostingTask<BuildContext>
{
    public override void Run(BuildContext context)
    {
        Console.Out.WriteLine(
            """
            Recipe, GPU, what it is; below it each variant: where its bits come from, size of the full and of the minimal image, what it is.
            * is built without --variant.

            """
        );
        // Spectre's console would break the lines at 80 columns.
        foreach (var line in RecipeList.Lines(context.Book.ReadAll(), History(context.Root)))
            Console.Out.WriteLine(line);
    }

    private static SizeHistory History(string root)
    {
        var file = Path.Combine(root, SizeHistory.FileName);
        try
        {
            return File.Exists(file) ? SizeHistory.Parse(File.ReadAllText(file)) : SizeHistory.Empty;
        }
        catch (SizeFormatException exception)
        {
            throw new CakeException(exception.Message);
        }
    }
}
