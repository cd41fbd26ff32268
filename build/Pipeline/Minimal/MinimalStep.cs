using Gfxbake.Formats.Files;
using Gfxbake.Formats.Images;
using Gfxbake.Pipeline.Full;
using Gfxbake.Pipeline.Plan;
using Gfxbake.Pipeline.Proof;
using Gfxbake.Pipeline.Steps;
using Gfxbake.Recipes.Model;

namespace Gfxbake.Pipeline.Minimal;

/// <summary>What the pruned image depends on.</summary>
public sealed record MinimalInput : PlannedInput
{
    public MinimalInput(Workspace workspace)
        : base(workspace) { }

    [Input("full image")]
    public required string FullImage { get; init; }

    [Input("docker/minimal.Dockerfile")]
    public required string Template { get; init; }

    [Input("layers of the recipe")]
    public required IReadOnlyList<LayerRule> Layers { get; init; }

    [Input("image of the recipe")]
    public required ImageMetadata Image { get; init; }

    [Input("labels")]
    public required IReadOnlyDictionary<string, string> Labels { get; init; }

    [Input("environment")]
    public required IReadOnlyDictionary<string, string> Environment { get; init; }

    [Input("time stamp")]
    public required long Epoch { get; init; }

    [Place]
    public required string Name { get; init; }
}

/// <summary>Builds the pruned image under a name of its own: it is the minimal image only after it was verified.</summary>
public sealed class MinimalStep : Step<MinimalInput, MinimalRecord>
{
    // Kernel files come by the dozen; the layer's line has their sum.
    private const long SmallestShown = 50_000_000;

    public override string Name => "MinimalCandidate";

    public override string RecordOf(BuildPaths paths) => paths.CandidateRecord;

    public override MinimalInput Gather(Workspace workspace, IEngine engine)
    {
        var full = workspace.Need<FullRecord>(workspace.Paths.FullRecord, "FullImage");
        return new(workspace)
        {
            FullImage = full.ImageId,
            Template = workspace.Template("minimal.Dockerfile"),
            Layers = workspace.Recipe.Layers,
            Image = workspace.Recipe.Image,
            Labels = ImageLabels.Of(workspace, "minimal", full.Version),
            Environment = ImageLabels.PrunedEnvironment(workspace),
            Epoch = workspace.Variant.Base.LatestTime,
            Name = workspace.Image("candidate"),
        };
    }

    public override bool StillThere(MinimalInput input, MinimalRecord record, IEngine engine) =>
        engine.StillHas(record.ImageId, input.Name);

    public override MinimalRecord Make(MinimalInput input, IEngine engine, IReporter reporter, CancellationToken cancellation)
    {
        var plan = input.StoredPlan.Read();
        var table = input.Files.ReadTable(input.FullTable);
        var folder = input.Paths.MinimalContext;
        var slimmed = new List<SlimmedFile>();
        var layers = WriteLayers(input, plan, table, slimmed, reporter, cancellation);
        var adds = input.Template.Replace("# gfxbake: the layers", string.Join('\n', layers.Select((l, i) => $"ADD {i}-{l.Name}.tar /")));
        AtomicFile.WriteText(
            Path.Combine(folder, "Dockerfile"),
            Dockerfiles.WithMetadata(adds, input.Image, input.Environment, input.Labels)
        );
        var id = engine.Build(
            new ImageBuild
            {
                Name = input.Name,
                Folder = folder,
                Epoch = input.Epoch,
            }
        );
        var judge = new ImageJudge(
            engine,
            new ImageProof(table, plan, slimmed),
            new WantedConfiguration(input.Image, input.Environment, input.Labels),
            input.Paths.Build,
            cancellation
        );
        return new MinimalRecord
        {
            Inputs = [],
            Image = input.Name,
            ImageId = id,
            Verified = false,
            RootFileSystem = Fingerprint.OfDigests(layers.Select(l => l.Sha256)),
            Layers = layers,
            Slimmed = slimmed,
            Size = Measure(input, judge.Judge(id)),
        };
    }

    private static List<LayerRecord> WriteLayers(
        MinimalInput input,
        PrunePlan plan,
        FileTable table,
        List<SlimmedFile> slimmed,
        IReporter reporter,
        CancellationToken cancellation
    )
    {
        var folder = input.Paths.MinimalContext;
        Folders.Empty(folder);
        using var source = ImageFileSystem.Open(input.Paths.FullTar);
        var slimmer = new ImageSlimmer(
            source,
            table,
            plan,
            input.Paths.StandIn,
            folder,
            done: file =>
            {
                slimmed.Add(file);
                if (file.Before >= SmallestShown)
                    reporter.Say($"  slim  {Path.GetFileName(file.Path), -32} {file.After / 1e6, 9:N1} MB of {file.Before / 1e6:N1}");
            },
            cancellation
        );
        foreach (var (path, standIn) in plan.Entries.Where(e => e.StandIn is not null).Select(e => (e.Path, e.StandIn!)))
        {
            reporter.Say(
                $"  stand-in  {Path.GetFileName(path), -28} {standIn.Size / 1e6, 9:N1} MB, {standIn.Functions.Count:N0} functions"
            );
        }

        var layers = new List<LayerRecord>();
        foreach (var (rule, entries) in LayerSplit.Of(input.Layers, source, plan))
        {
            RootFileSystemSummary? summary = null;
            var file = Path.Combine(folder, $"{layers.Count}-{rule.Name}.tar");
            AtomicFile.Write(file, stream => summary = RootFileSystem.Write(source, entries, stream, input.Epoch, slimmer.Replace));
            layers.Add(new LayerRecord(rule.Name, summary!.Sha256, summary.TarBytes, summary.Entries, summary.FileBytes));
            reporter.Say($"  layer {rule.Name, -12} {summary.FileBytes / 1e6, 9:N1} MB in {summary.Entries:N0} entries");
        }

        return layers;
    }

    /// <summary>The size of what the engine really made of it, not of what was sent.</summary>
    private static ImageSize Measure(MinimalInput input, ImageJudge.Finding found)
    {
        if (found.IsSound)
            return found.Size;
        var tar = input.Paths.Show(input.Paths.FullTar);
        throw new StepException(
            $"""
            the built image is not what was planned:
            {found.Text}
            Next: rm {tar}, then run the same command again; if that does not help, look at the disk and the engine's storage.
            """
        );
    }
}
