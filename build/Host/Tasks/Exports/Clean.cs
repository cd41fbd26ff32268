using Cake.Common;
using Cake.Core;
using Cake.Frosting;
using Spectre.Console;

namespace Gfxbake.Host.Tasks.Exports;

/// <summary>Takes away what this project made, and nothing else.</summary>
[TaskName("Clean")]
[TaskDescription("Removes what gfxbake made: --what=artifacts|images|…")]
public sealed class Clean : FrostingTask<BuildContext>
{
    // Containers hold images, and the engine's settings lie in the artifacts.
    private static readonly (string Name, Func<BuildContext, IEnumerable<string>> Run)[] Known =
        [("containers", CleanEngine.Containers), ("images", CleanEngine.Images), ("artifacts", CleanArtifacts.Run)];

    public override void Run(BuildContext context) => context.Interruption.Guard(() =>
    {
        var what = context.Argument(Arguments.What, "");
        if (what != "all" && Known.All(k => k.Name != what))
            throw new CakeException($"{(what.Length == 0 ? "Clean needs --what=" : $"unknown --what={what}")}; known: artifacts, images, containers, all");
        context.Interruption.LockFiles(context);
        List<string> problems = [];
        foreach (var (name, clean) in Known)
            if (what == "all" || what == name) problems.AddRange(clean(context));
        if (problems.Count > 0) throw new CakeException("not everything could be removed:\n" + string.Join('\n', problems.Select(p => "  " + p)));
        AnsiConsole.WriteLine("done");
    });
}
