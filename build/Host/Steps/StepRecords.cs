using Cake.Core;
using Gfxbake.Pipeline.Plan;
using Gfxbake.Pipeline.Steps;

namespace Gfxbake.Host.Steps;

/// <summary>Reads what an earlier step wrote.</summary>
public static class StepRecords
{
    /// <exception cref="CakeException">The step has not run: names the target to run.</exception>
    public static TRecord Need<TRecord>(this BuildContext context, string file, string target)
        where TRecord : class => OfStep(() => context.Workspace.Need<TRecord>(file, target));

    /// <summary>Reads plan.json.</summary>
    public static PrunePlan ReadPlan(this BuildContext context) => OfStep(() => StoredPlan.Of(context.Workspace).Read());

    /// <summary>Code of a step, for a target that is none.</summary>
    internal static T OfStep<T>(Func<T> code)
    {
        try
        {
            return code();
        }
        catch (StepException exception)
        {
            throw new CakeException(exception.Message);
        }
    }
}
