using Cake.Common.Diagnostics;
using Cake.Core;
using Cake.Frosting;
using Gfxbake.Formats.Files;
using Gfxbake.Formats.Strace;
using Gfxbake.Host.Steps;
using Gfxbake.Host.Tools;
using Gfxbake.Host.Workloads;
using Gfxbake.Pipeline.Full;
using Gfxbake.Pipeline.Minimal;
using Gfxbake.Pipeline.Plan;
using Gfxbake.Pipeline.Trace;
using Gfxbake.Pipeline.Verify;

namespace Gfxbake.Host.Tasks.Images;

/// <summary>Runs every workload in the pruned image and compares it with the full image's run. An exit status alone proves nothing: without comgr llama.cpp ends with 0 on the CPU.</summary>
[TaskName("VerifyMinimal")]
[TaskDescription("Runs the workloads in the pruned image and compares")]
[IsDependentOn(typeof(MinimalCandidate))]
public sealed class VerifyMinimal : Step<VerifyRecord>
{
    protected override string RecordOf(BuildPaths paths) => paths.VerifyRecord;

    public override bool ShouldRun(BuildContext context) => !context.Flag(Arguments.SkipVerify);

    protected override SortedDictionary<string, string> InputsOf(BuildContext context) =>
        new(StringComparer.Ordinal)
        {
            ["minimal image"] = context.Need<MinimalRecord>(context.Paths.CandidateRecord, "MinimalCandidate").ImageId,
            ["trace.json"] = Fingerprint.OfFile(context.Paths.TraceRecord),
            ["full.mtree"] = context.Need<FullRecord>(context.Paths.FullRecord, "FullImage").Files,
            ["plan.json"] = context.Need<PlanRecord>(context.Paths.PlanRecord, "PlanPrune").Plan,
            ["workloads of the recipe"] = Fingerprint.Of(context.Workloads),
            ["gfxbake"] = Fingerprint.OfCode,
        };

    protected override bool StillThere(BuildContext context, VerifyRecord record) => record.Passed;

    protected override VerifyRecord Make(BuildContext context, SortedDictionary<string, string> inputs)
    {
        var candidate = context.Need<MinimalRecord>(context.Paths.CandidateRecord, "MinimalCandidate");
        if (context.ImageId(candidate.ImageId) is null)
        {
            throw new CakeException(
                $"image {candidate.ImageId} of candidate.json is not in the engine; {context.RunFirst("MinimalCandidate")}"
            );
        }

        var proof = Proof(context, candidate);
        List<WorkloadVerdict> verdicts =
        [
            .. proof,
            .. context.Workloads.Select(w => WorkloadJudge.Judge(context, w, candidate.ImageId, "same as full")),
        ];
        var record = new VerifyRecord
        {
            Inputs = inputs,
            Image = candidate.Image,
            ImageId = candidate.ImageId,
            Workloads = verdicts,
        };
        if (record.Passed)
            return record;
        // The record of a failure stays for reading; StillThere makes the next run try again.
        RecordFile.Write(context.Paths.VerifyRecord, record);
        throw new CakeException(
            $"""
            the pruned image is not proven:
            {string.Join(
                '\n',
                verdicts.Where(v => v.Problems.Count > 0).Select(v =>
                    $"  {v.Name}\n{ImageJudge.Lines([.. v.Problems.Select(p => "  " + p)])}"
                )
            )}
            {Advice(context, asPlanned: proof.Take(2).All(p => p.Problems.Count == 0))}
            """
        );
    }

    /// <summary>What the image is, before anything in it runs: its files, its configuration, and every path that a workload found.</summary>
    private static List<WorkloadVerdict> Proof(BuildContext context, MinimalRecord candidate)
    {
        var clock = System.Diagnostics.Stopwatch.StartNew();
        var trace = context.Need<TraceRecord>(context.Paths.TraceRecord, "TraceImage");
        var judge = new ImageJudge(context, candidate.Slimmed);
        var found = judge.Judge(candidate.ImageId);
        Say(context, $"{found.Built.Entries.Count:N0} paths and contents", clock.Elapsed, found.Files, "as planned");
        Say(context, "configuration", null, found.Configuration, "as in the recipe");
        // A program may hide that a file is gone; so every path that was found must be found again.
        var lost = judge.Proof.Lost(trace.Paths, WorkloadRunner.Mounts, found.Built);
        Say(context, $"{trace.Paths.Count(p => p.Outcome == AccessOutcome.Found):N0} paths that workloads found", null, lost, "all there");
        return [new("files", "none", found.Files), new("configuration", "none", found.Configuration), new("paths", "none", lost)];
    }

    private static void Say(BuildContext context, string what, TimeSpan? time, IReadOnlyList<string> problems, string good) =>
        context.Information(
            "  {0,-34} {1,8}  {2}",
            what,
            time is { } t ? $"{t.TotalSeconds:F1} s" : "",
            problems.Count == 0 ? good : "FAILED"
        );

    private static string Advice(BuildContext context, bool asPlanned) =>
        asPlanned
            ? $"Next: {context.Command("Why")} --path=… for a file that is missed; add a keep rule to recipes/{context.Recipe.Name}/recipe.yml with its reason."
            : $"Next: the image is not the one that the plan describes: rm {context.Paths.Show(context.Paths.CandidateRecord)}, then run the same command again to build it anew.";
}
