using Gfxbake.Pipeline.Steps;
using Gfxbake.Pipeline.Trace;
using Gfxbake.Recipes.Model;

namespace Gfxbake.Pipeline.Check;

/// <summary>Runs the checks of a variant: each on the CPU, then on the GPU or on what stands in for one.</summary>
/// <param name="workspace">The recipe, and where its files lie.</param>
/// <param name="starter">Starts the programs.</param>
/// <param name="reporter">Told what runs.</param>
public sealed class GpuChecker(Workspace workspace, IStarter starter, IReporter reporter)
{
    /// <summary>The way to the machine's GPU; null: what runs gets none.</summary>
    public GpuAccess? Gpu { get; init; }

    /// <summary>Variables that are set from outside.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <param name="target">What is tried.</param>
    /// <param name="image">Id of the image; an installed program has none.</param>
    /// <exception cref="StepException">What stands in for a GPU has not been made.</exception>
    public IReadOnlyList<GpuFinding> Run(GpuTarget target, string image)
    {
        var paths = workspace.Paths;
        if (target.StandIn is { } device && !Directory.Exists(paths.Kit(device.Name)))
            throw new StepException($"{paths.Show(paths.Kit(device.Name))} is missing; {workspace.RunFirst("DeviceKits")}");
        TestModels.Write(paths.Models, workspace.Recipe.Models, workspace.Recipe.TestFiles, paths.Recipes);
        return [.. target.Checks.Select(c => Run(target, c, image))];
    }

    private GpuFinding Run(GpuTarget target, Workload check, string image)
    {
        reporter.Say($"  {check.Name}: on {WorkloadVerdict.Cpu} …");
        var cpu = new WorkloadRunner(starter, WorkloadPlaces.Of(workspace), Environment).Run(GpuTarget.OnCpu(check), image);
        reporter.Say($"  {check.Name}: on {target.Title} …");
        IReadOnlyList<string> maps = [];
        var gpu = new WorkloadRunner(starter, WorkloadPlaces.Of(workspace), Environment)
        {
            Gpu = target.StandIn is null ? Gpu : null,
            Look = run => maps = Maps(run, check.Check!),
        }.Run(target.OnGpu(check), image);
        var finding = GpuJudge.Judge(check, target.Computes, new(cpu, gpu, maps));
        if (finding.Problems.Count == 0)
            return finding;
        var log = workspace.Paths.FailedLog(check.Name);
        WorkloadLog.Write(log, finding.Problems[0].StartsWith(GpuJudge.OnCpu, StringComparison.Ordinal) ? cpu : gpu);
        reporter.Say($"  {check.Name}: {GpuReportText.Word(finding.Verdict)}; what it printed: {workspace.Paths.Show(log)}");
        return finding;
    }

    private static IReadOnlyList<string> Maps(IContainer run, GpuCheck check)
    {
        try
        {
            return run.Maps(check.Maps);
        }
        catch (Exception exception) when (exception is EngineException or TimeoutException)
        {
            // It has just ended, which its exit status tells, or the judge says that there is nothing to read.
            return [];
        }
    }
}
