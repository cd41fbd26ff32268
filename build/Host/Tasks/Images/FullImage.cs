using Cake.Common.Diagnostics;
using Cake.Frosting;
using Gfxbake.Core.Images;
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

    protected override SortedDictionary<string, string> InputsOf(BuildContext context)
    {
        var inputs = new SortedDictionary<string, string>(StringComparer.Ordinal) { ["base image"] = context.Need<BaseRecord>(context.Paths.BaseRecord, "BaseImage").ImageId };
        foreach (var (name, value) in new FullContext(context).Inputs()) inputs.Add(name, value);
        return inputs;
    }

    protected override bool StillThere(BuildContext context, FullRecord record)
        => FullFiles.AreUntouched(context, record) && context.StillHas(record.ImageId, context.Image("full"));

    protected override FullRecord Make(BuildContext context, SortedDictionary<string, string> inputs)
    {
        var image = context.Image("full");
        var folder = context.Paths.Context("full");
        var content = new FullContext(context);
        content.Write(folder);
        var id = context.BuildImage(image, folder, content.BuildArguments(BaseImage.From(context)), shared: SharedBuild.Of(context));
        context.NeedBuiltOn(id, context.Image("base"), context.Need<BaseRecord>(context.Paths.BaseRecord, "BaseImage").ImageId);

        context.Information("  exporting its file system");
        var partial = context.Paths.FullTar + AtomicFile.PartialEnding;
        try
        {
            Containers.WithStopped(context, id, container => context.EngineCommand("export", "--output", partial, container));
            var record = Measure(context, inputs, id, content.Version, partial);
            FullFiles.Keep(context, partial);
            context.TagImage(id, record.Image);
            return record;
        }
        finally
        {
            File.Delete(partial);
        }
    }

    private static FullRecord Measure(BuildContext context, SortedDictionary<string, string> inputs, string id, string? version, string export)
    {
        using var files = ImageFileSystem.Open(export);
        var packages = DpkgStatus.Read(files);
        ImageRocr.Check(context, files, packages);
        return new FullRecord
        {
            Inputs = inputs,
            Image = context.PublicImage("full"),
            ImageId = id,
            Version = version ?? packages.FirstOrDefault(p => p.Name == context.Variant.VersionOf)?.Version
                ?? throw new Cake.Core.CakeException($"package {context.Variant.VersionOf} (version_of) is not in the image; correct recipes/{context.Recipe.Name}/recipe.yml"),
            Size = new ImageSize(ImageStatistics.Of(files.Entries), new FileInfo(export).Length),
            Files = FullFiles.WriteTable(context, files),
            Packages = packages,
        };
    }
}
