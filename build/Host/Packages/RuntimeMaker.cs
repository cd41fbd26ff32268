using Cake.Common.Diagnostics;
using Cake.Core;
using Gfxbake.Formats.Files;
using Gfxbake.Formats.Images;
using Gfxbake.Host.Exports;
using Gfxbake.Host.Steps;
using Gfxbake.Host.Tools;
using Gfxbake.Pipeline.Full;
using Gfxbake.Pipeline.Minimal;
using Gfxbake.Pipeline.Outputs.Package;
using Gfxbake.Pipeline.Plan;
using Gfxbake.Recipes.Model;

namespace Gfxbake.Host.Packages;

/// <summary>Writes the runtime of one image: plans it, lets patchelf change what must be, and puts everything into one tar.</summary>
internal sealed class RuntimeMaker(BuildContext context, ImageFileSystem image)
{
    private readonly PackageRecipe rules = PackageKey.Of(context);

    public RuntimeRecord Make(SortedDictionary<string, string> inputs, MinimalRecord minimal)
    {
        var name = $"{context.Recipe.Name}-{context.VariantName}";
        var version = PackageVersion.Upstream(context.Need<FullRecord>(context.Paths.FullRecord, "FullImage").Version);
        var epoch = context.Variant.Base.Bootstrap.SourceDateEpoch;
        var plan = context.ReadPlan();
        var runtime = Plan(name, plan);
        var packages = RuntimeContents.Packages(MinimalSbom.Read(context), runtime);
        var parts = BuildParts(runtime, epoch);
        try
        {
            var file = $"{name}-{PackageVersion.InFileName(version)}.tar";
            var written = ExportedImage.Use(
                context,
                parts,
                (patched, _) => Write(runtime, patched, Path.Combine(context.Paths.Runtime, file), epoch)
            );
            context.Information(
                "  {0}: {1:N1} MB in {2:N0} files and links, {3:N0} of them changed by patchelf",
                file,
                written.FileBytes / 1e6,
                runtime.Contents.Count,
                runtime.Patched.Count()
            );
            return new RuntimeRecord
            {
                Inputs = inputs,
                Name = name,
                Version = version,
                Epoch = epoch,
                File = file,
                Sha256 = written.Sha256,
                TarBytes = written.TarBytes,
                FileBytes = written.FileBytes,
                Entries = written.Entries,
                MinimalImageId = minimal.ImageId,
                Programs =
                [
                    .. rules.Programs.Select(p => new RuntimeProgram(
                        Path.GetFileName(p),
                        RuntimePlanner.InstalledProgram(image, runtime.Places, p)
                    )),
                ],
                Links = runtime.Links,
                Licence = RuntimeContents.Licence(packages, context.Recipe.License),
                Parts = RuntimeContents.Parts(packages),
                StandIns = RuntimeContents.StandIns(plan, runtime),
            };
        }
        finally
        {
            if (!context.Interruption.Requested)
                context.EngineCommand("rmi", context.Image("parts"));
        }
    }

    private RuntimeTree Plan(string name, PrunePlan plan)
    {
        try
        {
            var planned = plan.Entries.Where(e => e.IsKept).Select(e => e.Path).ToHashSet(StringComparer.Ordinal);
            return RuntimePlanner.Plan(image, planned.Contains, rules, name);
        }
        catch (PackageException exception)
        {
            throw new CakeException(exception.Message);
        }
    }

    /// <returns>The image's id.</returns>
    private string BuildParts(RuntimeTree runtime, long epoch)
    {
        var folder = Folders.Empty(context.Paths.Context("bundle"));
        AtomicFile.Write(Path.Combine(folder, "parts.tar"), stream => runtime.WriteParts(image, stream, epoch, context.Interruption.Token));
        AtomicFile.WriteText(Path.Combine(folder, "patches"), runtime.PatchList());
        File.Copy(Path.Combine(context.Paths.PackageTemplates, "bundle.Dockerfile"), Path.Combine(folder, "Dockerfile"));
        File.Copy(Path.Combine(context.Paths.PackageTemplates, "bundle.sh"), Path.Combine(folder, "bundle.sh"));
        return context.BuildImage(
            context.Image("parts"),
            folder,
            new Dictionary<string, string> { ["BASE"] = StandinImage.Provide(context) },
            epoch
        );
    }

    private RootFileSystemSummary Write(RuntimeTree runtime, ImageFileSystem patched, string path, long epoch)
    {
        Folders.Empty(context.Paths.Runtime);
        RootFileSystemSummary? written = null;
        AtomicFile.Write(
            path,
            stream =>
                Transfer.Run(
                    "writing " + Path.GetFileName(path),
                    runtime.FileBytes,
                    progress => written = runtime.Write(image, patched, stream, epoch, progress, context.Interruption.Token)
                )
        );
        return written!;
    }
}
