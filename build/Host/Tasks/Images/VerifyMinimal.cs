using Cake.Common.Diagnostics;
using Cake.Core;
using Cake.Frosting;
using Gfxbake.Core.Images;
using Gfxbake.Core.Records;
using Gfxbake.Core.Traces;
using Gfxbake.Host.Steps;
using Gfxbake.Host.Tools;
using Gfxbake.Host.Workloads;

namespace Gfxbake.Host.Tasks.Images;

/// <summary>Runs every workload in the pruned image and compares it with the full image's run. An exit status alone proves nothing: without comgr llama.cpp ends with 0 on the CPU.</summary>
[TaskName("VerifyMinimal")]
[TaskDescription("Runs the workloads in the pruned image and compares")]
[IsDependentOn(typeof(MinimalCandidate))]
public sealed class VerifyMinimal : Step<VerifyRecord>
{

    protected override string RecordOf(BuildPaths paths) => paths.VerifyRecord;

    public override bool ShouldRun(BuildContext context) => !context.Flag(Arguments.SkipVerify);

    protected override SortedDictionary<string, string> InputsOf(BuildContext context) => new(StringComparer.Ordinal)
    {
        ["minimal image"] = context.Need<MinimalRecord>(context.Paths.CandidateRecord, "MinimalCandidate").ImageId,
        ["trace.json"] = Fingerprint.OfFile(context.Paths.TraceRecord),
        ["workloads of the recipe"] = Fingerprint.Of(context.Workloads),
        ["gfxbake"] = Fingerprint.OfCode,
    };

    protected override bool StillThere(BuildContext context, VerifyRecord record) => record.Passed;

    protected override VerifyRecord Make(BuildContext context, SortedDictionary<string, string> inputs)
    {
        var candidate = context.Need<MinimalRecord>(context.Paths.CandidateRecord, "MinimalCandidate");
        List<WorkloadVerdict> verdicts = [FoundPaths(context, candidate), .. context.Workloads.Select(w => WorkloadJudge.Judge(context, w, candidate.Image, "same as full"))];
        var record = new VerifyRecord { Inputs = inputs, Image = candidate.Image, ImageId = candidate.ImageId, Workloads = verdicts };
        if (record.Passed) return record;
        // The record of a failure stays for reading; StillThere makes the next run try again.
        RecordFile.Write(context.Paths.VerifyRecord, record);
        throw new CakeException($"""
            the pruned image does not do what the full image does:
            {string.Join('\n', verdicts.SelectMany(v => v.Problems.Select(p => $"  {v.Name}: {p}")))}
            Next: ./build.sh --target=Why --path=… for a file that is missed; add a keep rule to recipes/{context.Recipe.Name}/recipe.yml with its reason.
            """);
    }

    /// <summary>A program may hide that a file is gone; so every path that was found must be found again.</summary>
    private static WorkloadVerdict FoundPaths(BuildContext context, MinimalRecord candidate)
    {
        var trace = context.Need<TraceRecord>(context.Paths.TraceRecord, "TraceImage");
        using var full = ImageFileSystem.Open(context.Paths.FullTar);
        var plan = context.ReadPlan();
        var comparison = new ImageComparison(full, candidate.Slimmed);
        var lost = ExportedImage.Use(context, candidate.Image, (pruned, _) => comparison.Lost(trace.Paths, WorkloadRunner.Mounts, plan, pruned));
        context.Information("  {0,-34} {1,6:N0}    {2}", "paths that were found", trace.Paths.Count(p => p.Outcome == AccessOutcome.Found), lost.Count == 0 ? "all there" : "FAILED");
        return new WorkloadVerdict("paths", "none", lost);
    }
}
