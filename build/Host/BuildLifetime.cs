using Cake.Common;
using Cake.Core;
using Cake.Frosting;
using Gfxbake.Host.Images;
using Gfxbake.Host.Tasks.Images;

namespace Gfxbake.Host;

/// <summary>Checks the command line before anything runs, and gives the lock back at the end.</summary>
public sealed class BuildLifetime : FrostingLifetime<BuildContext>
{
    private static readonly string[] TakeWords =
    [
        nameof(Tasks.Run.Bench),
        nameof(Tasks.Run.Emulate),
        nameof(Tasks.Rocm.RocmBench),
        nameof(Tasks.Run.Run),
    ];

    public override void Setup(BuildContext context, ISetupContext info) => Check(context, [.. info.TasksToExecute.Select(t => t.Name)]);

    public override void Teardown(BuildContext context, ITeardownContext info)
    {
        context.Interruption.ParkIfRequested();
        context.Interruption.Release();
    }

    /// <summary>What is wrong on the command line is said before a step has cost its minutes.</summary>
    public static void Check(BuildContext context, IReadOnlyCollection<string> targets)
    {
        Arguments.Check(context.Arguments, targets);
        if (context.CommandLine.Extra is { Count: > 0 } extra && !TakeWords.Any(targets.Contains))
            throw new CakeException($"what follows -- is for {string.Join(" and ", TakeWords)} only: {string.Join(' ', extra)}");
        if (context.StandInNames() is { Count: > 0 } names && context.Book.StandIns.Problems(names).ToList() is { Count: > 0 } problems)
            throw new CakeException(string.Join('\n', problems.Select(p => $"--{Arguments.Standins}: {p}")));
        if (context.HasArgument(Arguments.Recipe))
        {
            _ = context.Recipe;
            // Without a recipe a target may go over all of them.
            if (context.HasArgument(Arguments.Variant))
                _ = context.VariantName;
        }

        if (targets.Contains(nameof(FullImage)) && BuildArguments.Compiling.Append(Arguments.Refresh).Any(context.HasArgument))
            BuildArguments.Check(context);
    }
}
