using Cake.Common.Diagnostics;
using Gfxbake.Host.Steps;
using Gfxbake.Pipeline.Trace;
using Gfxbake.Pipeline.Verify;
using Gfxbake.Recipes.Model;

namespace Gfxbake.Host.Workloads;

/// <summary>Runs a workload and holds it against the recipe's expectations and against what it gave in the full image.</summary>
public static class WorkloadJudge
{
    /// <param name="context">The build.</param>
    /// <param name="workload">The workload.</param>
    /// <param name="image">Where it runs.</param>
    /// <param name="good">What is said of one that passed.</param>
    /// <param name="installed">Whether the programs come from a package.</param>
    public static WorkloadVerdict Judge(BuildContext context, Workload workload, string image, string good, bool installed = false)
    {
        var clock = System.Diagnostics.Stopwatch.StartNew();
        var full = context.Need<WorkloadResult>(context.Paths.TraceResult(workload.Name), "TraceImage");
        var result = new WorkloadRunner(context, installed).Run(workload, image);
        List<string> problems = [.. WorkloadCheck.Problems(workload, result), .. WorkloadCheck.Differences(workload, full, result)];
        context.Information("  {0,-34} {1,6:F1} s  {2}", workload.Name, clock.Elapsed.TotalSeconds, problems.Count == 0 ? good : "FAILED");
        if (problems.Count > 0)
        {
            WorkloadLog.Write(context.Paths.FailedLog(workload.Name), result);
            problems.Add(WorkloadLog.Ending(result, context.Paths.Show(context.Paths.FailedLog(workload.Name))));
        }

        return new WorkloadVerdict(workload.Name, workload.Gpu.ToString(), problems);
    }
}
