using System.Diagnostics;
using Gfxbake.Formats.Strace;
using Gfxbake.Formats.Text;
using Gfxbake.Pipeline.Devices;
using Gfxbake.Pipeline.Full;
using Gfxbake.Pipeline.Minimal;
using Gfxbake.Pipeline.Proof;
using Gfxbake.Pipeline.Steps;
using Gfxbake.Pipeline.Trace;
using Gfxbake.Recipes.Model;

namespace Gfxbake.Pipeline.Verify;

/// <summary>What the proof depends on.</summary>
public sealed record VerifyInput : PlannedInput
{
    public VerifyInput(Workspace workspace)
        : base(workspace) { }

    /// <summary>Id of the candidate: it is the minimal image only after the proof.</summary>
    [Input("candidate image")]
    public required string Image { get; init; }

    [Input("slimmed libraries")]
    public required IReadOnlyList<SlimmedFile> Slimmed { get; init; }

    [Input("trace.json")]
    public required IReadOnlyList<TracedPath> Traced { get; init; }

    /// <summary>What each workload gave in the full image, by the fingerprint of its result.</summary>
    [Input("results of the full image")]
    public required IReadOnlyList<string> Results { get; init; }

    /// <summary>Digests of the kits of devices.</summary>
    [Input("kits.json")]
    public required IReadOnlyDictionary<string, string> Kits { get; init; }

    [Input("workloads of the recipe")]
    public required IReadOnlyList<Workload> Workloads { get; init; }

    [Input("configuration")]
    public required WantedConfiguration Configuration { get; init; }

    [Input("mounts of containers")]
    public required IReadOnlyList<string> Mounts { get; init; }

    [Input("flags of containers")]
    public required IReadOnlyList<string> ContainerFlags { get; init; }

    [Place]
    public required WorkloadPlaces Places { get; init; }

    [Place]
    public required WorkloadFiles WorkloadFiles { get; init; }

    [Place]
    public required string Name { get; init; }

    /// <summary>What to do about an image that is gone.</summary>
    [Place]
    public required string RunFirst { get; init; }

    /// <summary>What to do about a file that is missed.</summary>
    [Place]
    public required string Advice { get; init; }
}

/// <summary>
/// Runs every workload in the pruned image and compares it with the full image's run. An exit status alone proves nothing: without
/// comgr llama.cpp ends with 0 on the CPU.
/// </summary>
public sealed class VerifyStep : Step<VerifyInput, VerifyRecord>
{
    public override string Name => "VerifyMinimal";

    public override string RecordOf(BuildPaths paths) => paths.VerifyRecord;

    public override VerifyInput Gather(Workspace workspace, IEngine engine)
    {
        var paths = workspace.Paths;
        var candidate = workspace.Need<MinimalRecord>(paths.CandidateRecord, "MinimalCandidate");
        var full = workspace.Need<FullRecord>(paths.FullRecord, "FullImage");
        return new(workspace)
        {
            Image = candidate.ImageId,
            Slimmed = candidate.Slimmed,
            Traced = workspace.Need<TraceRecord>(paths.TraceRecord, "TraceImage").Paths,
            Results = WorkloadFiles.Of(workspace).Digests(workspace.Workloads),
            Kits = workspace.Need<KitsRecord>(paths.KitsRecord, "DeviceKits").Kits,
            Workloads = workspace.Workloads,
            Configuration = new(
                workspace.Recipe.Image,
                ImageLabels.PrunedEnvironment(workspace),
                ImageLabels.Of(workspace, "minimal", full.Version)
            ),
            Mounts = WorkloadRunner.Mounts,
            ContainerFlags = engine.ContainerFlags,
            Places = WorkloadPlaces.Of(workspace),
            WorkloadFiles = WorkloadFiles.Of(workspace),
            Name = candidate.Image,
            RunFirst = workspace.RunFirst("MinimalCandidate"),
            Advice =
                $"Next: {workspace.Command("Why")} --path=… for a file that is missed; "
                + $"add a keep rule to recipes/{workspace.Recipe.Name}/recipe.yml with its reason.",
        };
    }

    public override string? AlsoBecauseOf(VerifyInput input, VerifyRecord record) =>
        record.Passed ? null : $"the last proof, which failed ({input.Paths.Show(input.Paths.VerifyRecord)})";

    public override VerifyRecord Make(VerifyInput input, IEngine engine, IReporter reporter, CancellationToken cancellation)
    {
        if (engine.ImageId(input.Image) is null)
            throw new StepException($"image {input.Image} of candidate.json is not in the engine; {input.RunFirst}");
        var proof = Proof(input, engine, reporter, cancellation);
        var runner = new WorkloadRunner(engine, input.Places, cancellation: cancellation);
        var judge = new WorkloadJudge(runner, input.Workloads, input.WorkloadFiles, reporter);
        List<WorkloadVerdict> verdicts = [.. proof, .. input.Workloads.Select(w => judge.Judge(w, input.Image, "same as full"))];
        var record = new VerifyRecord
        {
            Inputs = [],
            Image = input.Name,
            ImageId = input.Image,
            Workloads = verdicts,
        };
        if (record.Passed)
            return record;
        throw new StepException(
            $"""
            the pruned image is not proven:
            {string.Join('\n', verdicts.Where(v => v.Problems.Count > 0).Select(Text))}
            {Advice(input, asPlanned: proof.Take(2).All(p => p.Problems.Count == 0))}
            """
        )
        {
            Found = record,
        };
    }

    private static string Text(WorkloadVerdict verdict) =>
        $"  {verdict.Name}\n{TextLines.First([.. verdict.Problems.Select(p => "  " + p)])}";

    /// <summary>
    /// What the image is, before anything in it runs: its files, its configuration, and every path that a workload found.
    /// </summary>
    private static List<WorkloadVerdict> Proof(VerifyInput input, IEngine engine, IReporter reporter, CancellationToken cancellation)
    {
        var clock = Stopwatch.StartNew();
        var proof = new ImageProof(input.Files.ReadTable(input.FullTable), input.StoredPlan.Read(), input.Slimmed);
        var found = new ImageJudge(engine, proof, input.Configuration, input.Paths.Build, cancellation).Judge(input.Image);
        Say(reporter, $"{found.Built.Entries.Count:N0} paths and contents", clock.Elapsed, found.Files, "as planned");
        Say(reporter, "tables of kernel files", null, found.Tables, "name what is there");
        Say(reporter, "configuration", null, found.Configuration, "as in the recipe");
        // A program may hide that a file is gone; so every path that was found must be found again.
        var lost = proof.Lost(input.Traced, input.Mounts, found.Built);
        var count = input.Traced.Count(p => p.Outcome == AccessOutcome.Found);
        Say(reporter, $"{count:N0} paths that workloads found", null, lost, "all there");
        return
        [
            new("files", null, WorkloadVerdict.Nothing, found.Files),
            new("configuration", null, WorkloadVerdict.Nothing, found.Configuration),
            new("paths", null, WorkloadVerdict.Nothing, [.. lost, .. found.Tables]),
        ];
    }

    private static void Say(IReporter reporter, string what, TimeSpan? time, IReadOnlyList<string> problems, string good)
    {
        var took = time is { } t ? $"{t.TotalSeconds:F1} s" : "";
        reporter.Say($"  {what, -34} {took, 8}  {(problems.Count == 0 ? good : "FAILED")}");
    }

    private static string Advice(VerifyInput input, bool asPlanned)
    {
        var candidate = input.Paths.Show(input.Paths.CandidateRecord);
        return asPlanned
            ? input.Advice
            : $"Next: the image is not the one that the plan describes: rm {candidate}, then run the same command again to build it anew.";
    }
}
