using Cake.Common.Diagnostics;
using Cake.Frosting;
using Gfxbake.Core.Images;
using Gfxbake.Core.Recipes;
using Gfxbake.Core.Records;
using Gfxbake.Host.Steps;
using Gfxbake.Host.Tools;

namespace Gfxbake.Host.Tasks.Images;

/// <summary>The image as the packages give it, and its file system as one tar that later steps read by random access.</summary>
[TaskName("FullImage")]
[TaskDescription("Builds the full image and exports its file system")]
[IsDependentOn(typeof(BaseImage))]
public sealed class FullImage : Step<FullRecord>
{
    protected override string RecordOf(BuildPaths paths) => paths.FullRecord;

    protected override SortedDictionary<string, string> InputsOf(BuildContext context) => new(StringComparer.Ordinal)
    {
        ["base image"] = context.Need<BaseRecord>(context.Paths.BaseRecord, "BaseImage").ImageId,
        [context.Variant.Dockerfile] = Fingerprint.OfFile(Path.Combine(context.Root, context.Variant.Dockerfile)),
        ["Dockerfile with metadata"] = Fingerprint.Of(Dockerfile(context)),
        ["args of the variant"] = Fingerprint.Of(context.Variant.Args),
        ["files of the recipe"] = Fingerprint.OfFolder(context.Paths.RecipeFiles),
    };

    protected override bool StillThere(BuildContext context, FullRecord record)
        => File.Exists(context.Paths.FullTar) && new FileInfo(context.Paths.FullTar).Length == record.Size.TarBytes && context.ImageId(record.Image) == record.ImageId;

    protected override FullRecord Make(BuildContext context, SortedDictionary<string, string> inputs)
    {
        var image = context.Image("full");
        var folder = context.Paths.Context("full");
        if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
        AtomicFile.WriteText(Path.Combine(folder, "Dockerfile"), Dockerfile(context));
        foreach (var file in Fingerprint.FilesOf(context.Paths.RecipeFiles)) File.Copy(Path.Combine(context.Paths.RecipeFiles, file), Path.Combine(folder, file));
        var args = new Dictionary<string, string>(context.Variant.Args) { ["BASE"] = context.Image("base") };
        context.BuildImage(image, folder, args);

        context.Information("  exporting its file system");
        var partial = context.Paths.FullTar + AtomicFile.PartialEnding;
        try
        {
            Containers.WithStopped(context, image, container => context.EngineCommand("export", "--output", partial, container));
            var record = Measure(context, inputs, image, partial);
            File.Move(partial, context.Paths.FullTar, overwrite: true);
            return record;
        }
        finally
        {
            File.Delete(partial);
        }
    }

    private static FullRecord Measure(BuildContext context, SortedDictionary<string, string> inputs, string image, string export)
    {
        using var files = ImageFileSystem.Open(export);
        var packages = DpkgStatus.Read(files);
        return new FullRecord
        {
            Inputs = inputs,
            Image = image,
            ImageId = context.NeedImageId(image),
            Version = packages.FirstOrDefault(p => p.Name == context.Variant.VersionOf)?.Version
                ?? throw new Cake.Core.CakeException($"package {context.Variant.VersionOf} (version_of) is not in the image; correct recipes/{context.Recipe.Name}/recipe.yml"),
            Size = new ImageSize(ImageStatistics.Of(files.Entries), new FileInfo(export).Length),
            Packages = packages,
        };
    }

    private static string Dockerfile(BuildContext context) => Dockerfiles.WithMetadata(
        File.ReadAllText(Path.Combine(context.Root, context.Variant.Dockerfile)), context.Recipe.Image, ImageLabels.Environment(context), ImageLabels.Of(context, "full", null));
}
