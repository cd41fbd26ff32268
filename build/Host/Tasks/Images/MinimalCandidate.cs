using Cake.Common.Diagnostics;
using Cake.Core;
using Cake.Frosting;
using Gfxbake.Formats.Files;
using Gfxbake.Formats.Images;
using Gfxbake.Host.Steps;
using Gfxbake.Host.Tools;
using Gfxbake.Pipeline.Full;
using Gfxbake.Pipeline.Minimal;
using Gfxbake.Pipeline.Plan;

namespace Gfxbake.Host.Tasks.Images;

/// <summary>Builds the pruned image under a name of its own: it is the minimal image only after it was verified.</summary>
[TaskName("MinimalCandidate")]
[TaskDescription("Builds the pruned image from the plan, not yet verified")]
[IsDependentOn(typeof(PlanPrune))]
public sealed class MinimalCandidate : Step<MinimalRecord>
{
    // Kernel files come by the dozen; the layer's line has their sum.
    private const long SmallestShown = 50_000_000;

    protected override string RecordOf(BuildPaths paths) => paths.CandidateRecord;

    protected override SortedDictionary<string, string> InputsOf(BuildContext context)
    {
        var full = context.Need<FullRecord>(context.Paths.FullRecord, "FullImage");
        return new(StringComparer.Ordinal)
        {
            ["full image"] = full.ImageId,
            ["plan.json"] = context.Need<PlanRecord>(context.Paths.PlanRecord, "PlanPrune").Plan,
            ["docker/minimal.Dockerfile"] = Fingerprint.OfFile(Path.Combine(context.Paths.Docker, "minimal.Dockerfile")),
            ["layers of the recipe"] = Fingerprint.Of(context.Recipe.Layers),
            ["image of the recipe"] = Fingerprint.Of(context.Recipe.Image),
            ["labels"] = Fingerprint.Of(ImageLabels.Of(context, "minimal", full.Version)),
            ["environment"] = Fingerprint.Of(ImageLabels.PrunedEnvironment(context)),
            ["gfxbake"] = Fingerprint.OfCode,
        };
    }

    protected override bool StillThere(BuildContext context, MinimalRecord record) =>
        context.StillHas(record.ImageId, context.Image("candidate"));

    protected override MinimalRecord Make(BuildContext context, SortedDictionary<string, string> inputs)
    {
        var full = context.Need<FullRecord>(context.Paths.FullRecord, "FullImage");
        var image = context.Image("candidate");
        var epoch = context.Variant.Base.Bootstrap.SourceDateEpoch;
        var slimmed = new List<SlimmedFile>();
        var layers = WriteLayers(context, epoch, slimmed);
        var template = File.ReadAllText(Path.Combine(context.Paths.Docker, "minimal.Dockerfile"));
        var adds = template.Replace("# gfxbake: the layers", string.Join('\n', layers.Select((l, i) => $"ADD {i}-{l.Name}.tar /")));
        AtomicFile.WriteText(
            Path.Combine(context.Paths.MinimalContext, "Dockerfile"),
            Dockerfiles.WithMetadata(
                adds,
                context.Recipe.Image,
                ImageLabels.PrunedEnvironment(context),
                ImageLabels.Of(context, "minimal", full.Version)
            )
        );
        var id = context.BuildImage(image, context.Paths.MinimalContext, new Dictionary<string, string>(), epoch);
        return new MinimalRecord
        {
            Inputs = inputs,
            Image = image,
            ImageId = id,
            Verified = false,
            RootFileSystem = Fingerprint.OfDigests(layers.Select(l => l.Sha256)),
            Layers = layers,
            Slimmed = slimmed,
            Size = Measure(context, id, slimmed),
        };
    }

    private static List<LayerRecord> WriteLayers(BuildContext context, long epoch, List<SlimmedFile> slimmed)
    {
        Folders.Empty(context.Paths.MinimalContext);
        using var source = ImageFileSystem.Open(context.Paths.FullTar);
        var plan = context.ReadPlan();
        var slimmer = new ImageSlimmer(
            source,
            FullFiles.ReadTable(context),
            plan,
            context.Paths.MinimalContext,
            done: file =>
            {
                slimmed.Add(file);
                if (file.Before >= SmallestShown)
                {
                    context.Information(
                        "  slim  {0,-32} {1,9:N1} MB of {2:N1}",
                        Path.GetFileName(file.Path),
                        file.After / 1e6,
                        file.Before / 1e6
                    );
                }
            },
            context.Interruption.Token
        );
        var layers = new List<LayerRecord>();
        foreach (var (rule, entries) in LayerSplit.Of(context.Recipe.Layers, source, plan))
        {
            RootFileSystemSummary? summary = null;
            var file = Path.Combine(context.Paths.MinimalContext, $"{layers.Count}-{rule.Name}.tar");
            AtomicFile.Write(file, stream => summary = RootFileSystem.Write(source, entries, stream, epoch, slimmer.Replace));
            layers.Add(new LayerRecord(rule.Name, summary!.Sha256, summary.TarBytes, summary.Entries, summary.FileBytes));
            context.Information("  layer {0,-12} {1,9:N1} MB in {2:N0} entries", rule.Name, summary.FileBytes / 1e6, summary.Entries);
        }

        return layers;
    }

    /// <summary>Measures what the engine really made of it, not what was sent.</summary>
    private static ImageSize Measure(BuildContext context, string id, List<SlimmedFile> slimmed)
    {
        var found = new ImageJudge(context, slimmed).Judge(id);
        if (found.IsSound)
            return found.Size;
        var tar = context.Paths.Show(context.Paths.FullTar);
        throw new CakeException(
            $"""
            the built image is not what was planned:
            {found.Text}
            Next: rm {tar}, then run the same command again; if that does not help, look at the disk and the engine's storage.
            """
        );
    }
}
