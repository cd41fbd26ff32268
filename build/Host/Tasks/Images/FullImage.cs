using Cake.Common.Diagnostics;
using Cake.Core;
using Cake.Frosting;
using Gfxbake.Formats.Dpkg;
using Gfxbake.Formats.Files;
using Gfxbake.Formats.Images;
using Gfxbake.Host.Steps;
using Gfxbake.Host.Tools;
using Gfxbake.Pipeline.Base;
using Gfxbake.Pipeline.Full;

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
        var inputs = new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            ["base image"] = context.Need<BaseRecord>(context.Paths.BaseRecord, "BaseImage").ImageId,
        };
        foreach (var (name, value) in new FullContext(context).Inputs())
            inputs.Add(name, value);
        return inputs;
    }

    protected override bool StillThere(BuildContext context, FullRecord record) =>
        FullFiles.AreUntouched(context, record) && context.StillHas(record.ImageId, context.Image("full"));

    protected override string? AskedFor(BuildContext context) => context.Flag(Arguments.Refresh) ? "--" + Arguments.Refresh : null;

    protected override FullRecord Finish(BuildContext context, FullRecord record) =>
        context.Flag(Arguments.UpdateLock) ? LockedVersions.Update(context, record) : record;

    protected override FullRecord Make(BuildContext context, SortedDictionary<string, string> inputs)
    {
        var old = RecordFile.TryRead<FullRecord>(context.Paths.FullRecord);
        var content = new FullContext(context);
        content.Write(context.Paths.Context("full"));
        var id = context.BuildImage(
            context.Image("full"),
            context.Paths.Context("full"),
            content.BuildArguments(BaseImage.From(context)),
            shared: SharedBuild.Of(context)
        );
        context.NeedBuiltOn(id, context.Image("base"), context.Need<BaseRecord>(context.Paths.BaseRecord, "BaseImage").ImageId);

        context.Information("  exporting its file system");
        var partial = context.Paths.FullTar + AtomicFile.PartialEnding;
        try
        {
            Containers.WithStopped(context, id, container => context.EngineCommand("export", "--output", partial, container));
            using var files = ImageFileSystem.Open(partial);
            var packages = DpkgStatus.Read(files);
            LockedVersions.Check(context, packages);
            if (old is not null && Show(context, PackageChanges.Between(old.Packages, packages)).None && StaysAsItWas(context, old, inputs))
                return old;
            ImageRocr.Check(context, files, packages);
            var record = new FullRecord
            {
                Inputs = inputs,
                Image = context.PublicImage("full"),
                ImageId = id,
                Version = content.Version ?? VersionIn(context, packages),
                ArchiveAsOf = content.ArchiveAsOf,
                Size = new ImageSize(ImageStatistics.Of(files.Entries), new FileInfo(partial).Length),
                Files = FullFiles.WriteTable(context, files),
                Packages = packages,
            };
            FullFiles.Keep(context, partial);
            context.TagImage(id, record.Image);
            return record;
        }
        finally
        {
            File.Delete(partial);
        }
    }

    /// <summary>Every package that became another one, whatever the image was built again for.</summary>
    private static PackageChanges Show(BuildContext context, PackageChanges changes)
    {
        if (!changes.None)
        {
            context.Information(
                "  {0:N0} packages in another version, {1:N0} new, {2:N0} gone:",
                changes.Changed.Count,
                changes.Added.Count,
                changes.Gone.Count
            );
        }

        foreach (var line in changes.Lines())
            context.Information("    {0}", line);
        return changes;
    }

    /// <summary>Where the archive has nothing newer the old image keeps its name, so that nothing after it is done again.</summary>
    private static bool StaysAsItWas(BuildContext context, FullRecord old, SortedDictionary<string, string> inputs)
    {
        if (
            !context.Flag(Arguments.Refresh)
            || !old.Inputs.SequenceEqual(inputs)
            || !FullFiles.AreUntouched(context, old)
            || context.ImageId(old.ImageId) is null
        )
        {
            return false;
        }

        context.TagImage(old.ImageId, old.Image);
        context.Information("  the archive has nothing newer: {0} stays as it was", old.Image);
        return true;
    }

    private static string VersionIn(BuildContext context, IReadOnlyList<InstalledPackage> packages) =>
        packages.FirstOrDefault(p => p.Name == context.Variant.VersionOf)?.Version
        ?? throw new CakeException(
            $"package {context.Variant.VersionOf} (version_of) is not in the image; correct recipes/{context.Recipe.Name}/recipe.yml"
        );
}
