using Cake.Core;
using Cake.Frosting;
using Gfxbake.Host.Exports;
using Gfxbake.Host.Steps;
using Spectre.Console;

namespace Gfxbake.Host.Tasks.Exports;

/// <summary>Takes away what this project made, and nothing else.</summary>
[TaskName("Clean")]
[TaskDescription("Removes what gfxbake made: --what=artifacts|images|…")]
public sealed class Clean : FrostingTask<BuildContext>, IDryRun
{
    // Containers hold images, and the engine's settings lie in the artifacts.
    private static readonly (string Name, Func<BuildContext, bool, IEnumerable<string>> Run)[] Known =
    [
        ("containers", CleanEngine.Containers),
        ("images", CleanEngine.Images),
        ("artifacts", CleanArtifacts.Run),
    ];

    /// <summary>What --what can name.</summary>
    public static IReadOnlyList<string> Parts { get; } = ["artifacts", "images", "containers", "all"];

    public override void Run(BuildContext context) =>
        context.Interruption.Guard(() =>
        {
            var what =
                context.Value(Arguments.What, nameof(Clean))
                ?? throw new CakeException($"Clean needs --what=; known: {string.Join(", ", Parts)}");
            var dry = DryRun.Asked(context);
            // Who takes the lock clears up what a killed run left.
            if (!dry)
                context.Interruption.LockFiles(context);
            List<string> problems = [];
            foreach (var (name, clean) in Known)
            {
                if (what == "all" || what == name)
                    problems.AddRange(clean(context, dry));
            }

            if (problems.Count > 0)
                throw new CakeException("not everything could be removed:\n" + string.Join('\n', problems.Select(p => "  " + p)));
            AnsiConsole.WriteLine(dry ? "nothing was removed (--dryrun)" : "done");
        });
}
