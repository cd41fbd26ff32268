using Gfxbake.Host.Tools;
using Gfxbake.Pipeline.Trace;
using Gfxbake.Recipes.Model;

namespace Gfxbake.Host.Tests.Fakes;

/// <summary>What steps run workloads with, over the engine of a build.</summary>
internal static class Runners
{
    public static WorkloadRunner Workloads(BuildContext context, IReadOnlyDictionary<string, string>? outside = null) =>
        new(new CommandLineEngine(context), WorkloadPlaces.Of(context.Workspace), outside);

    public static WorkloadJudge Judge(BuildContext context, params IReadOnlyList<Workload> workloads) =>
        new(Workloads(context), workloads, WorkloadFiles.Of(context.Workspace), new CakeReporter(context));
}
