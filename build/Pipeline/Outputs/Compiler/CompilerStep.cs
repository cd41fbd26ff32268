using Gfxbake.Formats.Files;
using Gfxbake.Formats.Images;
using Gfxbake.Formats.Tar;
using Gfxbake.Formats.Text;
using Gfxbake.Pipeline.Devices;
using Gfxbake.Pipeline.Full;
using Gfxbake.Pipeline.Minimal;
using Gfxbake.Pipeline.Outputs.Sbom;
using Gfxbake.Pipeline.Plan;
using Gfxbake.Pipeline.Proof;
using Gfxbake.Pipeline.Steps;
using Gfxbake.Pipeline.Trace;

namespace Gfxbake.Pipeline.Outputs.Compiler;

/// <summary>
/// The way back from stand-ins that answer: one layer with the libraries themselves, and an image that has it. The layer is for
/// containers and for the installed package too.
/// </summary>
public sealed class CompilerStep : Step<CompilerInput, CompilerRecord>
{
    private const string Kind = "compiler";

    public override string Name => "CompilerLayer";

    public override string RecordOf(BuildPaths paths) => paths.CompilerRecord;

    public override CompilerInput Gather(Workspace workspace, IEngine engine)
    {
        var paths = workspace.Paths;
        var candidate = workspace.Need<MinimalRecord>(paths.CandidateRecord, "MinimalCandidate");
        var full = workspace.Need<FullRecord>(paths.FullRecord, "FullImage");
        return new(workspace)
        {
            Image = candidate.ImageId,
            Template = workspace.Template("compiler.Dockerfile"),
            Subject = new(workspace.PublicImage(Kind), full.Version, candidate.RootFileSystem, workspace.Variant.Base.LatestTime, ""),
            Results = WorkloadFiles.Of(workspace).Digests(workspace.Workloads),
            Kits = workspace.Need<KitsRecord>(paths.KitsRecord, "DeviceKits").Kits,
            Workloads = workspace.Workloads,
            Configuration = new(
                workspace.Recipe.Image,
                ImageLabels.PrunedEnvironment(workspace),
                CompilerInput.Labels(workspace, full.Version)
            ),
            ContainerFlags = engine.ContainerFlags,
            Minimal = candidate,
            Names = workspace.Names,
            Places = WorkloadPlaces.Of(workspace),
            WorkloadFiles = WorkloadFiles.Of(workspace),
        };
    }

    public override bool StillThere(CompilerInput input, CompilerRecord record, IEngine engine) =>
        engine.StillHas(record.ImageId, record.Image)
        && new FileInfo(input.Paths.CompilerLayer) is { Exists: true } file
        && file.Length == record.TarBytes;

    public override CompilerRecord Make(CompilerInput input, IEngine engine, IReporter reporter, CancellationToken cancellation)
    {
        var plan = input.StoredPlan.Read();
        if (ReturnedLibraries.Of(plan).Count == 0)
            throw new StepException("the image has no stand-in that answers, so there is nothing to put back; its libraries are there");
        using var full = ImageFileSystem.Open(input.Paths.FullTar);
        var back = ReturnedLibraries.Plan(plan, full, ImagePackages.Read(full));
        var table = input.Files.ReadTable(input.FullTable);
        var changed = back.Entries.Where((e, i) => !ReferenceEquals(e, plan.Entries[i])).Select(e => e.Path).ToList();
        var summary = WriteLayer(input, full, [.. changed, .. ReturnedLibraries.Links(plan, full)]);
        var id = Build(input, engine);
        NeedAsPlanned(input, new ImageProof(table, back, input.Minimal.Slimmed), engine, id, cancellation);
        reporter.Say($"  {changed.Count:N0} paths, {summary.FileBytes / 1e6:N1} MB: the libraries of the full image");
        var verdicts = Verdicts(input, engine, id, reporter, cancellation);
        var sbom = Sbom(input, full, back, summary, cancellation);
        AtomicFile.Write(input.Paths.CompilerSpdx, stream => SpdxWriter.Write(sbom, stream));
        AtomicFile.Write(input.Paths.CompilerCycloneDx, stream => CycloneDxWriter.Write(sbom, stream));
        var name = input.Names.Public(Kind);
        engine.Tag(id, name);
        var rules = ReturnedLibraries.Of(plan).ToDictionary(e => e.Path, e => e.StandIn!.Rule, StringComparer.Ordinal);
        return new()
        {
            Inputs = [],
            Image = name,
            ImageId = id,
            On = input.Image,
            Sha256 = summary.Sha256,
            TarBytes = summary.TarBytes,
            FileBytes = summary.FileBytes,
            Files =
            [
                .. changed
                    .Select(p => table.Find(p)!)
                    .Where(f => f.Entry.Kind != EntryKind.Directory)
                    .Select(f => new ReturnedFile(
                        f.Entry.Path,
                        FileTable.HasContent(f.Entry) ? f.Entry.Size : 0,
                        f.Sha256,
                        rules.GetValueOrDefault(f.Entry.Path)
                    )),
            ],
            Packages =
            [
                .. sbom
                    .Packages.Where(p => p.Replaces is null && p.Files.Any(f => changed.Contains(f.Path)))
                    .Select(p => new ReturnedPackage(p.Name, p.Version)),
            ],
            Workloads = verdicts,
        };
    }

    private static RootFileSystemSummary WriteLayer(CompilerInput input, ImageFileSystem full, IReadOnlyList<string> paths)
    {
        var entries = new SortedDictionary<string, ImageEntry>(StringComparer.Ordinal);
        foreach (var path in paths)
        {
            entries[path] = full.Find(path)!;
            for (var parent = ImagePath.Parent(path); entries.TryAdd(parent, full.Find(parent)!) && parent != "/"; )
                parent = ImagePath.Parent(parent);
        }

        RootFileSystemSummary? summary = null;
        AtomicFile.Write(
            input.Paths.CompilerLayer,
            stream => summary = RootFileSystem.Write(full, entries.Values, stream, input.Subject.SourceDateEpoch)
        );
        return summary!;
    }

    /// <returns>The image's id.</returns>
    private static string Build(CompilerInput input, IEngine engine)
    {
        var folder = Folders.Empty(input.Paths.Context(Kind));
        HardLink.OrCopy(input.Paths.CompilerLayer, Path.Combine(folder, "layer.tar"));
        var (image, environment, labels) = (input.Configuration.Image, input.Configuration.Environment, input.Configuration.Labels);
        AtomicFile.WriteText(Path.Combine(folder, "Dockerfile"), Dockerfiles.WithMetadata(input.Template, image, environment, labels));
        return engine.Build(
            new ImageBuild
            {
                Name = input.Names.Own(Kind),
                Folder = folder,
                Arguments = new Dictionary<string, string> { ["BASE"] = engine.From(input.Minimal.Image, input.Image) },
                Epoch = input.Subject.SourceDateEpoch,
            }
        );
    }

    private static void NeedAsPlanned(CompilerInput input, ImageProof proof, IEngine engine, string id, CancellationToken cancellation)
    {
        var found = new ImageJudge(engine, proof, input.Configuration, input.Paths.Build, cancellation).Judge(id);
        if (!found.IsSound)
            throw new StepException($"the image with the libraries is not what was planned:\n{found.Text}");
    }

    private static List<WorkloadVerdict> Verdicts(
        CompilerInput input,
        IEngine engine,
        string id,
        IReporter reporter,
        CancellationToken cancellation
    )
    {
        var judge = new WorkloadJudge(
            new WorkloadRunner(engine, input.Places, cancellation: cancellation),
            input.Workloads,
            input.WorkloadFiles,
            reporter
        );
        // On the CPU nobody asks these libraries.
        List<WorkloadVerdict> verdicts = [.. input.Workloads.Where(w => w.On is not null).Select(w => judge.Judge(w, id, "same as full"))];
        var wrong = verdicts.Where(v => v.Problems.Count > 0).SelectMany(v => v.Problems.Select(p => $"  {v.Name}: {p}")).ToList();
        return wrong.Count == 0
            ? verdicts
            : throw new StepException($"the image with the libraries does not do what the full one does:\n{TextLines.First(wrong)}");
    }

    private static SbomDocument Sbom(
        CompilerInput input,
        ImageFileSystem full,
        PrunePlan plan,
        RootFileSystemSummary summary,
        CancellationToken cancellation
    )
    {
        try
        {
            using var below = LayerFiles.Open(input.Paths.MinimalContext, input.Minimal.Layers, cancellation);
            using var layer = ImageFileSystem.Open(input.Paths.CompilerLayer);
            var files = Fingerprint.OfDigests(input.Minimal.Layers.Select(l => l.Sha256).Append(summary.Sha256));
            return SbomBuilder.Build(
                new SbomInput
                {
                    Subject = input.Subject with { RootFileSystem = files },
                    Full = full,
                    Plan = plan,
                    Layers = [.. below.Layers, layer],
                    Slimmed = input.Minimal.Slimmed,
                },
                cancellation
            );
        }
        catch (SbomException exception)
        {
            throw new StepException(exception.Message);
        }
    }
}
