using Gfxbake.Formats.Files;
using Gfxbake.Pipeline.Numbers;
using Gfxbake.Pipeline.Steps;
using Gfxbake.Recipes.Model;

namespace Gfxbake.Pipeline.Trace;

/// <summary>Runs a workload and holds it against the recipe's expectations and against what it gave in the full image.</summary>
/// <param name="runner">Runs it.</param>
/// <param name="workloads">All of the variant: numbers are compared with those that another one gave.</param>
/// <param name="files">Where results of the full image lie, and logs of failures.</param>
/// <param name="reporter">Gets a line for each.</param>
public sealed class WorkloadJudge(WorkloadRunner runner, IReadOnlyList<Workload> workloads, WorkloadFiles files, IReporter reporter)
{
    /// <param name="workload">The workload.</param>
    /// <param name="image">Where it runs.</param>
    /// <param name="good">What is said of one that passed and was compared.</param>
    public WorkloadVerdict Judge(Workload workload, string image, string good)
    {
        var on = workload.On?.Title ?? WorkloadVerdict.Cpu;
        if (workload.On is { } device && device.Wrapper(files.Paths.Kit(device.Name)) is null)
        {
            var why = $"not run ({device.Name} is not installed)";
            reporter.Say($"  {workload.Name, -34}           {why}");
            return new WorkloadVerdict(workload.Name, workload.Device, on, []) { Unproven = why };
        }

        var clock = System.Diagnostics.Stopwatch.StartNew();
        // Where no text is compared, the full image need not have run it.
        var full = workload.ComparesText ? files.Full(workload.Name) : null;
        var (result, problems) = Run(workload, image, full);
        for (
            var tries = 1;
            problems.Count > 0 && tries < WorkloadCheck.MostTries && WorkloadCheck.MayRunAgain(workload, full, result);
            tries++
        )
        {
            reporter.Say($"  {workload.Name, -34}           ended well but did not say all; once more");
            (result, problems) = Run(workload, image, full);
        }

        var numbers = new WorkloadNumbers(workloads, files.Full).Compare(workload, result);
        problems.AddRange(numbers.Problems);
        if (!workload.IsTraced)
            good = "as expected";
        if (numbers.Found.Count > 0)
            good = (full is not null ? good + ", " : "") + NumberText.Line(numbers.Found);
        var counts = workload.On?.Installed is null;
        var bad = counts ? "FAILED" : "failed, which does not count";
        reporter.Say($"  {workload.Name, -34} {clock.Elapsed.TotalSeconds, 6:F1} s  {(problems.Count == 0 ? good : bad)}");
        if (problems.Count > 0)
        {
            var log = files.Paths.FailedLog(workload.Name);
            WorkloadLog.Write(log, result);
            problems.Add(WorkloadLog.Ending(result, files.Paths.Show(log)));
        }

        // Nothing pins what this machine has installed: it can't say that the image is wrong.
        return new WorkloadVerdict(workload.Name, workload.Device, on, counts ? problems : [])
        {
            Numbers = numbers.Found,
            Unproven = counts || problems.Count == 0 ? null : $"{bad}: {string.Join('\n', problems)}",
        };
    }

    private (WorkloadResult Result, List<string> Problems) Run(Workload workload, string image, WorkloadResult? full)
    {
        var result = runner.Run(workload, image);
        List<string> problems =
        [
            .. WorkloadCheck.Problems(workload, result),
            .. full is null ? [] : WorkloadCheck.Differences(workload, full, result),
        ];
        return (result, problems);
    }
}

/// <summary>Where the results of workloads lie.</summary>
/// <param name="Paths">Paths of the build.</param>
/// <param name="RunFirst">What to do about a result that is missing.</param>
public sealed record WorkloadFiles(BuildPaths Paths, string RunFirst)
{
    public static WorkloadFiles Of(Workspace workspace) => new(workspace.Paths, workspace.RunFirst("TraceImage"));

    /// <summary>Digests of what each workload gave in the full image, as far as it is there.</summary>
    public IReadOnlyList<string> Digests(IEnumerable<Workload> workloads) =>
        [.. workloads.Select(w => Paths.TraceResult(w.Name)).Where(File.Exists).Select(Fingerprint.OfFile)];

    /// <summary>The result that a workload gave in the full image.</summary>
    public WorkloadResult Full(string workload)
    {
        var file = Paths.TraceResult(workload);
        return RecordFile.TryRead<WorkloadResult>(file)
            ?? throw new StepException($"{Paths.Show(file)} is missing or of an older form; {RunFirst}");
    }
}
