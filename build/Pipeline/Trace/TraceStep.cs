using System.Diagnostics;
using Gfxbake.Formats.Files;
using Gfxbake.Formats.Strace;
using Gfxbake.Pipeline.Devices;
using Gfxbake.Pipeline.Full;
using Gfxbake.Pipeline.Steps;
using Gfxbake.Recipes.Model;

namespace Gfxbake.Pipeline.Trace;

/// <summary>What traces depend on.</summary>
public sealed record TraceInput
{
    [Input("full image")]
    public required string FullImage { get; init; }

    [Input("docker/trace.Dockerfile")]
    public required string Dockerfile { get; init; }

    /// <summary>Digests of the kits of devices.</summary>
    [Input("kits.json")]
    public required IReadOnlyDictionary<string, string> Kits { get; init; }

    /// <summary>What installs strace in an image on this base; null: apt-get.</summary>
    [Input("command of the base that installs strace")]
    public required string? InstallStrace { get; init; }

    /// <summary>Those that say what the image needs.</summary>
    [Input("workloads of the recipe")]
    public required IReadOnlyList<Workload> Workloads { get; init; }

    [Input("models of the recipe")]
    public required IReadOnlyList<TestModel> Models { get; init; }

    [Input("test files of the recipe")]
    public required IReadOnlyList<TestFile> TestFiles { get; init; }

    [Input("user of the image")]
    public required string User { get; init; }

    [Input("working directory of the image")]
    public required string Workdir { get; init; }

    [Input("health check of the image")]
    public required Healthcheck? Healthcheck { get; init; }

    [Input("mounts of containers")]
    public required IReadOnlyList<string> Mounts { get; init; }

    [Input("flags of containers")]
    public required IReadOnlyList<string> ContainerFlags { get; init; }

    [Place]
    public required BuildPaths Paths { get; init; }

    [Place]
    public required string TraceName { get; init; }

    [Place]
    public required string FullName { get; init; }
}

/// <summary>
/// Runs every workload under strace in an image derived from the full one, on the CPU and on what stands in for a GPU.
/// </summary>
public sealed class TraceStep : Step<TraceInput, TraceRecord>
{
    public override string Name => "TraceImage";

    public override string RecordOf(BuildPaths paths) => paths.TraceRecord;

    public override TraceInput Gather(Workspace workspace, IEngine engine) =>
        new()
        {
            FullImage = workspace.Need<FullRecord>(workspace.Paths.FullRecord, "FullImage").ImageId,
            Dockerfile = workspace.Template("trace.Dockerfile"),
            Kits = workspace.Need<KitsRecord>(workspace.Paths.KitsRecord, "DeviceKits").Kits,
            InstallStrace = workspace.Variant.Base.Trace?.Strace,
            Workloads = [.. workspace.Workloads.Where(w => w.IsTraced)],
            Models = workspace.Recipe.Models,
            TestFiles = workspace.Recipe.TestFiles,
            User = workspace.Recipe.Image.User,
            Workdir = workspace.Recipe.Image.Workdir,
            Healthcheck = workspace.Recipe.Image.Healthcheck,
            Mounts = WorkloadRunner.Mounts,
            ContainerFlags = engine.ContainerFlags,
            Paths = workspace.Paths,
            TraceName = workspace.Image("trace"),
            FullName = workspace.Image("full"),
        };

    public override bool StillThere(TraceInput input, TraceRecord record, IEngine engine) =>
        input
            .Models.Select(m => m.FileName)
            .Concat(input.TestFiles.Select(f => f.FileName))
            .All(n => File.Exists(Path.Combine(input.Paths.Models, n)))
        && input.Workloads.All(w => File.Exists(input.Paths.TraceResult(w.Name)));

    public override TraceRecord Make(TraceInput input, IEngine engine, IReporter reporter, CancellationToken cancellation)
    {
        var image = BuildTraceImage(input, engine);
        TestModels.Write(input.Paths.Models, input.Models, input.TestFiles, input.Paths.Recipes);
        var places = new WorkloadPlaces(input.Paths, input.Healthcheck);
        var runner = new WorkloadRunner(engine, places, cancellation: cancellation);
        var summary = new TraceSummaryBuilder();
        var problems = new List<string>();
        foreach (var workload in input.Workloads)
        {
            var clock = Stopwatch.StartNew();
            var log = input.Paths.TraceLog(workload.Name);
            var (result, wrong) = RunTraced(runner, workload, image, log, reporter);
            var isCut = WorkloadCheck.IsCutShort(workload, null, result);
            if (isCut || (wrong.Count == 0 && workload.Compare == WorkloadCompare.Stdout))
                (result, wrong) = Confirm(runner, workload, input.FullImage, isCut ? null : result);
            RecordFile.Write(input.Paths.TraceResult(workload.Name), result);
            WorkloadLog.Write(input.Paths.WorkloadLog(workload.Name), result);
            reporter.Say($"  {workload.Name, -34} {clock.Elapsed.TotalSeconds, 6:F1} s  {(wrong.Count == 0 ? "ok" : "FAILED")}");
            problems.AddRange(wrong.Select(w => $"workload {workload.Name}: {w}"));
            if (wrong.Count > 0)
                problems.Add("    " + WorkloadLog.Ending(result, input.Paths.Show(input.Paths.WorkloadLog(workload.Name))));
            else
                Read(input, workload, log, summary);
        }

        if (problems.Count > 0)
        {
            throw new StepException(
                $"the full image itself fails its workloads, so nothing can be proven by them:\n{string.Join('\n', problems)}"
            );
        }

        var trace = summary.Build();
        return new TraceRecord
        {
            Inputs = [],
            Image = input.TraceName,
            Workloads = trace.Workloads,
            Paths = trace.Paths,
        };
    }

    /// <summary>
    /// Runs a workload under strace, anew when it gave up by itself. Words that are missing at its end are no reason: strace slows the
    /// thread that prints (<see cref="WorkloadCheck.IsCutShort"/>), so that of twenty runs of a short program none said all. What it
    /// opened is in strace's log all the same, and <see cref="Confirm"/> asks for the words.
    /// </summary>
    private static (WorkloadResult Result, IReadOnlyList<string> Wrong) RunTraced(
        WorkloadRunner runner,
        Workload workload,
        string image,
        string log,
        IReporter reporter
    )
    {
        for (var tries = 1; ; tries++)
        {
            var result = runner.RunTraced(workload, image, log);
            var wrong = WorkloadCheck.Problems(workload, result);
            if (wrong.Count == 0 || tries == WorkloadCheck.MostTries || !WorkloadCheck.GaveUp(workload, result))
                return (result, wrong);
            reporter.Say($"  {workload.Name, -34}           gave up by itself; once more");
        }
    }

    /// <summary>
    /// What other images are held against: where the text is compared, one that two runs in the full image gave, at least one of them
    /// without strace; else that of a run without strace. A run that was cut short would fail every image that says all.
    /// </summary>
    /// <param name="runner">Runs it.</param>
    /// <param name="workload">The workload.</param>
    /// <param name="image">The full image, without strace.</param>
    /// <param name="traced">The run under strace; null when it was cut short.</param>
    private static (WorkloadResult Result, IReadOnlyList<string> Wrong) Confirm(
        WorkloadRunner runner,
        Workload workload,
        string image,
        WorkloadResult? traced
    )
    {
        List<WorkloadResult> whole = traced is null ? [] : [traced];
        for (var runs = 1; ; runs++)
        {
            var result = runner.Run(workload, image);
            var wrong = WorkloadCheck.Problems(workload, result);
            if (wrong.Count > 0)
            {
                if (runs == WorkloadCheck.MostTries || !WorkloadCheck.MayRunAgain(workload, null, result))
                    return (result, wrong);
                continue;
            }

            if (workload.Compare != WorkloadCompare.Stdout || whole.Any(w => WorkloadCheck.Differences(workload, w, result).Count == 0))
                return (result, []);
            whole.Add(result);
            if (whole.Count > WorkloadCheck.MostTries)
                return (result, [$"gives another text each time ({whole.Count} runs), so none can be compared; take it out with 'ignore'"]);
        }
    }

    private static void Read(TraceInput input, Workload workload, string log, TraceSummaryBuilder summary)
    {
        try
        {
            using var stream = File.OpenRead(log);
            summary.Add(workload.Name, new StraceReader(stream, input.Workdir));
        }
        catch (TraceFormatException exception)
        {
            throw new StepException($"{input.Paths.Show(log)}: {exception.Message}");
        }
    }

    private static Dictionary<string, string> Arguments(TraceInput input, IEngine engine)
    {
        var arguments = new Dictionary<string, string>
        {
            ["FULL"] = engine.From(input.FullName, input.FullImage),
            ["RUN_USER"] = input.User,
        };
        if (input.InstallStrace is { } command)
            arguments["INSTALL_STRACE"] = command;
        return arguments;
    }

    /// <returns>Its id.</returns>
    private static string BuildTraceImage(TraceInput input, IEngine engine)
    {
        var folder = input.Paths.Context("trace");
        AtomicFile.WriteText(Path.Combine(folder, "Dockerfile"), input.Dockerfile);
        var image = engine.Build(
            new ImageBuild
            {
                Name = input.TraceName,
                Folder = folder,
                Arguments = Arguments(input, engine),
            }
        );
        engine.NeedBuiltOn(image, input.FullName, input.FullImage);
        return image;
    }
}
