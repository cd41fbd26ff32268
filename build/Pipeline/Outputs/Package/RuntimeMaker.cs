using Gfxbake.Formats.Files;
using Gfxbake.Formats.Images;
using Gfxbake.Pipeline.Base;
using Gfxbake.Pipeline.Full;
using Gfxbake.Pipeline.Outputs.Sbom;
using Gfxbake.Pipeline.Plan;
using Gfxbake.Pipeline.Steps;

namespace Gfxbake.Pipeline.Outputs.Package;

/// <summary>Writes the runtime of one image: plans it, lets patchelf change what must be, and puts everything into one tar.</summary>
internal sealed class RuntimeMaker(
    RuntimeInput input,
    ImageFileSystem image,
    IEngine engine,
    IBases bases,
    ISources sources,
    IReporter reporter,
    CancellationToken cancellation
)
{
    private readonly long epoch = input.Subject.SourceDateEpoch;

    public RuntimeRecord Make()
    {
        var plan = input.StoredPlan.Read();
        var planned = plan.Entries.Where(e => e.IsKept).Select(e => e.Path).ToHashSet(StringComparer.Ordinal);
        var runtime = Plan(planned.Contains, ReturnedLibraries.Directories(plan));
        var sbom = MinimalSbom.Read(input.Subject, input.Paths, plan, input.Minimal, cancellation);
        var packages = RuntimeContents.Packages(sbom, runtime);
        var parts = BuildParts(runtime);
        try
        {
            var version = PackageVersion.Upstream(input.Subject.Version);
            var file = $"{input.Name}-{PackageVersion.InFileName(version)}.tar";
            var written = ExportedImage.Use(engine, input.Paths.Build, parts, (patched, _) => Write(runtime, patched, file));
            reporter.Say(
                $"  {file}: {written.FileBytes / 1e6:N1} MB in {runtime.Contents.Count:N0} files and links, "
                    + $"{runtime.Patched.Count():N0} of them changed by patchelf"
            );
            return new RuntimeRecord
            {
                Inputs = [],
                Name = input.Name,
                Version = version,
                Epoch = epoch,
                File = file,
                Sha256 = written.Sha256,
                TarBytes = written.TarBytes,
                FileBytes = written.FileBytes,
                Entries = written.Entries,
                MinimalImageId = input.MinimalImage,
                Programs =
                [
                    .. input.Rules.Programs.Select(p => new RuntimeProgram(
                        Path.GetFileName(p),
                        RuntimePlanner.InstalledProgram(image, runtime.Places, p)
                    )),
                ],
                Environment = input.Environment.ToDictionary(v => v.Key, v => runtime.PlaceOf(v.Value) ?? v.Value),
                Links = runtime.Links,
                Placed = runtime.Placed,
                Licence = RuntimeContents.Licence(packages, string.Join(" AND ", input.Licences)),
                Parts = [.. RuntimeContents.Parts(packages), .. input.Sources.Select(Part)],
                StandIns = RuntimeContents.StandIns(plan, runtime),
            };
        }
        finally
        {
            if (!cancellation.IsCancellationRequested)
                engine.Remove(input.Names.Own("parts"));
        }
    }

    private RuntimeTree Plan(Func<string, bool> isKept, IReadOnlyList<string> returned)
    {
        try
        {
            return RuntimePlanner.Plan(image, isKept, input.Rules, input.Name, Trees(), returned);
        }
        catch (PackageException exception)
        {
            throw new StepException(exception.Message);
        }
    }

    private static RuntimePart Part(FullSource source) => new(source.Code.Name, PackageVersion.Upstream(source.State.Version));

    /// <summary>What the recipe adds: the repository's own files, which are read already, and those of sources.</summary>
    private List<TreeFile> Trees()
    {
        var trees = input.OwnTrees.ToList();
        var reader = new TreeReader(new RuntimePlaces(input.Name));
        foreach (var source in input.Sources)
        {
            var folder = Folders.Empty(input.Paths.Context("bundle-source"));
            sources.Put(source.Code, source.Local, folder);
            trees.AddRange(input.TreesOf(source).SelectMany(t => reader.Read(t, folder)));
            Directory.Delete(folder, recursive: true);
        }

        return trees;
    }

    /// <returns>The image's id.</returns>
    private string BuildParts(RuntimeTree runtime)
    {
        var folder = Folders.Empty(input.Paths.Context("bundle"));
        AtomicFile.Write(Path.Combine(folder, "parts.tar"), stream => runtime.WriteParts(image, stream, epoch, cancellation));
        AtomicFile.WriteText(Path.Combine(folder, "patches"), runtime.PatchList());
        AtomicFile.WriteText(Path.Combine(folder, "Dockerfile"), input.Scripts["bundle.Dockerfile"]);
        AtomicFile.WriteText(Path.Combine(folder, "bundle.sh"), input.Scripts["bundle.sh"]);
        var (standin, _) = bases.Use(engine, null, input.Standin, input.Names.Own("standin"));
        return engine.Build(
            new ImageBuild
            {
                Name = input.Names.Own("parts"),
                Folder = folder,
                Arguments = new Dictionary<string, string> { ["BASE"] = standin },
                Epoch = epoch,
            }
        );
    }

    private RootFileSystemSummary Write(RuntimeTree runtime, ImageFileSystem patched, string file)
    {
        Folders.Empty(input.Paths.Runtime);
        RootFileSystemSummary? written = null;
        AtomicFile.Write(
            Path.Combine(input.Paths.Runtime, file),
            stream =>
                reporter.Transfer(
                    "writing " + file,
                    runtime.FileBytes,
                    progress => written = runtime.Write(image, patched, stream, epoch, progress, cancellation)
                )
        );
        return written!;
    }
}
