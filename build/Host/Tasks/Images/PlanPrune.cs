using Cake.Common.Diagnostics;
using Cake.Core;
using Cake.Frosting;
using Gfxbake.Formats.Dpkg;
using Gfxbake.Formats.Files;
using Gfxbake.Formats.Images;
using Gfxbake.Host.Steps;
using Gfxbake.Host.Workloads;
using Gfxbake.Pipeline.Plan;
using Gfxbake.Pipeline.Plan.Pruning;
using Gfxbake.Pipeline.Trace;
using Gfxbake.Recipes.Model;

namespace Gfxbake.Host.Tasks.Images;

/// <summary>Decides for every path of the full image whether it stays, and says why.</summary>
[TaskName("PlanPrune")]
[TaskDescription("Plans what stays: every path with its reason")]
[IsDependentOn(typeof(TraceImage))]
public sealed class PlanPrune : Step<PlanRecord>
{
    protected override string RecordOf(BuildPaths paths) => paths.PlanRecord;

    protected override SortedDictionary<string, string> InputsOf(BuildContext context)
    {
        var trace = context.Need<TraceRecord>(context.Paths.TraceRecord, "TraceImage");
        return new(StringComparer.Ordinal)
        {
            ["full image"] = trace.Inputs["full image"],
            ["trace.json"] = Fingerprint.OfFile(context.Paths.TraceRecord),
            ["keep rules of the recipe"] = Fingerprint.Of(context.Recipe.Keep),
            ["drop rules of the recipe"] = Fingerprint.Of(context.Recipe.Drop),
            ["image of the recipe"] = Fingerprint.Of(context.Recipe.Image),
            ["offload"] = Fingerprint.Of(context.Offload),
            ["code target"] = context.Variant.CodeTarget,
            ["recipes/_shared/rocm.yml"] = Fingerprint.Of(context.Book.Rocm),
            ["gfxbake"] = Fingerprint.OfCode,
        };
    }

    protected override bool StillThere(BuildContext context, PlanRecord record) =>
        File.Exists(context.Paths.Plan) && Fingerprint.OfFile(context.Paths.Plan) == record.Plan && File.Exists(context.Paths.PlanMarkdown);

    protected override PlanRecord Make(BuildContext context, SortedDictionary<string, string> inputs)
    {
        var trace = context.Need<TraceRecord>(context.Paths.TraceRecord, "TraceImage");
        using var image = ImageFileSystem.Open(context.Paths.FullTar);
        var plan = PrunePlanner.Plan(
            new PruneInput
            {
                Image = image,
                Traced = trace.Paths,
                CodeTargets = [context.Variant.CodeTarget],
                KeepRules = [.. Metadata(context, image), .. context.Book.Rocm.Keep, .. context.Recipe.Keep],
                Offload = context.Offload,
                DropRules = context.Recipe.Drop,
                KernelRules = context.Book.Rocm.Kernels,
                Environment = ImageLabels.Environment(context),
                Owners = PackageOwners.Read(image),
                ExcludedDestinations = WorkloadRunner.Mounts,
            }
        );
        if (plan.Problems.Count > 0)
            throw new CakeException("the plan does not hold:\n" + string.Join('\n', plan.Problems));
        AtomicFile.Write(context.Paths.Plan, stream => PrunePlanWriter.Write(plan, stream));
        using (var text = new StringWriter())
        {
            PlanMarkdown.Write(plan, text);
            AtomicFile.WriteText(context.Paths.PlanMarkdown, text.ToString());
        }

        Report(context, plan);
        return new PlanRecord { Inputs = inputs, Plan = Fingerprint.OfFile(context.Paths.Plan) };
    }

    private static void Report(BuildContext context, PrunePlan plan)
    {
        var totals = plan.Totals;
        context.Information(
            "  keeps {0:N0} of {1:N0} files, {2:N1} of {3:N1} MB ({4})",
            totals.KeptFiles,
            totals.KeptFiles + totals.DroppedFiles,
            totals.KeptBytes / 1e6,
            (totals.KeptBytes + totals.DroppedBytes) / 1e6,
            context.Paths.Show(context.Paths.PlanMarkdown)
        );
        foreach (
            var (path, offload) in plan
                .Entries.Where(e => e.Offload is { Loose: false })
                .Select(e => (Path.GetFileName(e.Path), e.Offload!))
        )
        {
            if (offload.Refused is { } why)
            {
                context.Warning("  {0} stays whole: {1}", path, why);
            }
            else
            {
                context.Information(
                    "  {0}: {1:N0} of {2:N0} code objects stay, {3:N1} of {4:N1} MB unpacked",
                    path,
                    offload.KeptObjects,
                    offload.Objects,
                    offload.KeptBytes / 1e6,
                    offload.Bytes / 1e6
                );
            }

            if (offload.Note is { } note)
                context.Information("  {0} {1}", path, note);
        }
    }

    /// <summary>The programs that the image's own configuration names stay, whether a workload ran them or not.</summary>
    private static IEnumerable<KeepRule> Metadata(BuildContext context, ImageFileSystem image)
    {
        var path = ImageLabels
            .Environment(context)
            .GetValueOrDefault("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin")
            .Split(':');
        foreach (
            var (program, why) in new[]
            {
                (context.Recipe.Image.Entrypoint, "entrypoint of the image"),
                (context.Recipe.Image.Healthcheck?.Command ?? [], "health check of the image"),
            }
        )
        {
            if (program.Count == 0)
                continue;
            var file = program[0].StartsWith('/')
                ? program[0]
                : path.Select(d => $"{d}/{program[0]}").FirstOrDefault(f => image.Resolve(f).Target is not null);
            if (file is null || image.Resolve(file).Target is null)
                throw new CakeException($"{program[0]} ({why}) is not in the full image; correct the recipe");
            yield return new KeepRule(file, why);
        }

        yield return new KeepRule("/etc/passwd", "the engine looks the image's user up");
        yield return new KeepRule("/etc/group", "the engine looks the image's groups up");
        yield return new KeepRule(context.Recipe.Image.Workdir, "working directory of the image");
    }
}
