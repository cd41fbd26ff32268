using Gfxbake.Formats.Files;
using Gfxbake.Formats.Images;
using Gfxbake.Formats.Strace;
using Gfxbake.Pipeline.Answers;
using Gfxbake.Pipeline.Full;
using Gfxbake.Pipeline.Steps;
using Gfxbake.Pipeline.Trace;
using Gfxbake.Recipes.Model;

namespace Gfxbake.Pipeline.Plan.Pruning;

/// <summary>What a plan depends on.</summary>
public sealed record PlanInput
{
    /// <summary>Its export is what the plan is about.</summary>
    [Input("full image")]
    public required string FullImage { get; init; }

    [Input("trace.json")]
    public required IReadOnlyList<TracedPath> Traced { get; init; }

    [Input("keep rules of the recipe")]
    public required IReadOnlyList<KeepRule> KeepRules { get; init; }

    [Input("keep rules of every image")]
    public required IReadOnlyList<KeepRule> OwnRules { get; init; }

    [Input("programs of the image")]
    public required IReadOnlyList<NamedProgram> Programs { get; init; }

    [Input("drop rules of the recipe")]
    public required IReadOnlyList<DropRule> DropRules { get; init; }

    [Input("stand-ins")]
    public required IReadOnlyDictionary<string, StandInRule> StandIns { get; init; }

    /// <summary>SHA-256 of the stand-ins that answer, and how many requests each has an answer to.</summary>
    [Input("answers.json")]
    public required IReadOnlyDictionary<string, AnsweringStandIn> Answers { get; init; }

    [Input("environment")]
    public required IReadOnlyDictionary<string, string> Environment { get; init; }

    [Input("offload")]
    public required OffloadRule Offload { get; init; }

    [Input("code target")]
    public required string CodeTarget { get; init; }

    [Input("keep rules of recipes/_shared/rocm.yml")]
    public required IReadOnlyList<KeepRule> SharedRules { get; init; }

    [Input("kernel rules of recipes/_shared/rocm.yml")]
    public required IReadOnlyList<KernelRule> KernelRules { get; init; }

    [Input("mounts of containers")]
    public required IReadOnlyList<string> Mounts { get; init; }

    [Place]
    public required BuildPaths Paths { get; init; }
}

/// <summary>A program that the image's own configuration names.</summary>
public sealed record NamedProgram(string Program, string Why);

/// <summary>Decides for every path of the full image whether it stays, and says why.</summary>
public sealed class PlanStep : Step<PlanInput, PlanRecord>
{
    private const string DefaultPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    public override string Name => "PlanPrune";

    public override string RecordOf(BuildPaths paths) => paths.PlanRecord;

    public override PlanInput Gather(Workspace workspace, IEngine engine)
    {
        var trace = workspace.Need<TraceRecord>(workspace.Paths.TraceRecord, "TraceImage");
        var image = workspace.Recipe.Image;
        return new()
        {
            FullImage = trace.Inputs["full image"],
            Traced = trace.Paths,
            KeepRules = workspace.Recipe.Keep,
            OwnRules =
            [
                new KeepRule("/etc/passwd", "the engine looks the image's user up"),
                new KeepRule("/etc/group", "the engine looks the image's groups up"),
                new KeepRule(image.Workdir, "working directory of the image"),
            ],
            Programs =
            [
                .. image.Entrypoint.Take(1).Select(p => new NamedProgram(p, "entrypoint of the image")),
                .. (image.Healthcheck?.Command ?? []).Take(1).Select(p => new NamedProgram(p, "health check of the image")),
            ],
            DropRules = workspace.Recipe.Drop,
            StandIns = workspace.StandIns,
            Answers = Answers(workspace),
            Environment = ImageLabels.Environment(workspace),
            Offload = workspace.Offload,
            CodeTarget = workspace.Variant.CodeTarget,
            SharedRules = workspace.Book.Rocm.Keep,
            KernelRules =
            [
                .. workspace.Book.Rocm.Kernels.Select(k => workspace.Kernels == KernelChoice.Asked ? k : k with { Types = null }),
            ],
            Mounts = WorkloadRunner.Mounts,
            Paths = workspace.Paths,
        };
    }

    // What was recorded stays when a run takes no such stand-in, so that nothing is recorded again for the next one.
    private static Dictionary<string, AnsweringStandIn> Answers(Workspace workspace)
    {
        var answering = workspace.StandIns.Where(s => s.Value.Answers is not null).Select(s => s.Key).ToList();
        if (answering.Count == 0)
            return [];
        var made = workspace.Need<AnswersRecord>(workspace.Paths.AnswersRecord, "RecordAnswers").StandIns;
        return made.Where(m => answering.Contains(m.Key)).ToDictionary();
    }

    public override bool StillThere(PlanInput input, PlanRecord record, IEngine engine) =>
        File.Exists(input.Paths.Plan) && Fingerprint.OfFile(input.Paths.Plan) == record.Plan && File.Exists(input.Paths.PlanMarkdown);

    public override PlanRecord Make(PlanInput input, IEngine engine, IReporter reporter, CancellationToken cancellation)
    {
        using var image = ImageFileSystem.Open(input.Paths.FullTar);
        var plan = PrunePlanner.Plan(
            new PruneInput
            {
                Image = image,
                Traced = input.Traced,
                CodeTargets = [input.CodeTarget],
                KeepRules = [.. Programs(input, image), .. input.OwnRules, .. input.SharedRules, .. input.KeepRules],
                Offload = input.Offload,
                DropRules = input.DropRules,
                StandIns = input.StandIns,
                Answers = input.Answers.ToDictionary(
                    a => a.Key,
                    a => MadeStandIn.Read(input.Paths.StandIn(a.Key), a.Value.Sha256, a.Value.Requests)
                ),
                KernelRules = input.KernelRules,
                Environment = input.Environment,
                Packages = ImagePackages.Read(image),
                ExcludedDestinations = input.Mounts,
            },
            cancellation
        );
        if (plan.Problems.Count > 0)
            throw new StepException("the plan does not hold:\n" + string.Join('\n', plan.Problems));
        AtomicFile.Write(input.Paths.Plan, stream => PrunePlanWriter.Write(plan, stream));
        using (var text = new StringWriter())
        {
            PlanMarkdown.Write(plan, text);
            AtomicFile.WriteText(input.Paths.PlanMarkdown, text.ToString());
        }

        Report(input, plan, reporter);
        return new PlanRecord { Inputs = [], Plan = Fingerprint.OfFile(input.Paths.Plan) };
    }

    private static void Report(PlanInput input, PrunePlan plan, IReporter reporter)
    {
        var totals = plan.Totals;
        reporter.Say(
            $"  keeps {totals.KeptFiles:N0} of {totals.KeptFiles + totals.DroppedFiles:N0} files, {totals.KeptBytes / 1e6:N1} of "
                + $"{(totals.KeptBytes + totals.DroppedBytes) / 1e6:N1} MB ({input.Paths.Show(input.Paths.PlanMarkdown)})"
        );
        foreach (var (entry, standIn) in plan.Entries.Where(e => e.StandIn is not null).Select(e => (e, e.StandIn!)))
        {
            reporter.Say(
                $"  {Path.GetFileName(entry.Path)} is {(standIn.Answers is null ? "there by name only: " : "")}a stand-in of "
                    + $"{standIn.Size / 1e3:N1} kB with "
                    + $"{standIn.Content} instead of {entry.Size / 1e6:N1} MB ({standIn.Rule})"
            );
        }

        foreach (var entry in plan.Entries.Where(e => e.Offload is { Loose: false }))
        {
            var (path, offload) = (Path.GetFileName(entry.Path), entry.Offload!);
            if (offload.Refused is { } why)
            {
                reporter.Warn($"  {path} stays whole: {why}");
            }
            else
            {
                reporter.Say(
                    $"  {path}: {offload.KeptObjects:N0} of {offload.Objects:N0} code objects stay, "
                        + $"{offload.KeptBytes / 1e6:N1} of {offload.Bytes / 1e6:N1} MB unpacked"
                );
            }

            if (offload.Note is { } note)
                reporter.Say($"  {path} {note}");
        }
    }

    /// <summary>The programs that the image's own configuration names stay, whether a workload ran them or not.</summary>
    private static IEnumerable<KeepRule> Programs(PlanInput input, ImageFileSystem image)
    {
        var path = input.Environment.GetValueOrDefault("PATH", DefaultPath).Split(':');
        foreach (var (program, why) in input.Programs)
        {
            var file = program.StartsWith('/')
                ? program
                : path.Select(d => $"{d}/{program}").FirstOrDefault(f => image.Resolve(f).Target is not null);
            if (file is null || image.Resolve(file).Target is null)
                throw new StepException($"{program} ({why}) is not in the full image; correct the recipe");
            yield return new KeepRule(file, why);
        }
    }
}
