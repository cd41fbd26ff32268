using Cake.Frosting;
using Gfxbake.Formats.Files;
using Gfxbake.Host.Steps;
using Gfxbake.Host.Tools;
using Gfxbake.Pipeline.Base;

namespace Gfxbake.Host.Tasks.Images;

/// <summary>The distribution's bare root file system: from a registry by digest when one answers, else bootstrapped here.</summary>
[TaskName("BaseImage")]
[TaskDescription("Pulls the base by digest, or bootstraps it")]
public sealed class BaseImage : Step<BaseRecord>
{
    protected override string RecordOf(BuildPaths paths) => paths.BaseRecord;

    protected override SortedDictionary<string, string> InputsOf(BuildContext context) =>
        new(StringComparer.Ordinal) { ["base of the recipe"] = Fingerprint.Of(context.Variant.Base), ["engine"] = context.Engine.Path };

    protected override bool StillThere(BuildContext context, BaseRecord record) => context.StillHas(record.ImageId, context.Image("base"));

    protected override string? AskedFor(BuildContext context) => context.Flag(Arguments.Refresh) ? "--" + Arguments.Refresh : null;

    protected override BaseRecord Make(BuildContext context, SortedDictionary<string, string> inputs)
    {
        var (image, origin) = Provide(context, fresh: context.Flag(Arguments.Refresh));
        return new BaseRecord
        {
            Inputs = inputs,
            Image = image,
            ImageId = context.NeedImageId(image),
            Origin = origin.Text,
            TarSha256 = origin.TarSha256,
        };
    }

    /// <summary>The base for a Dockerfile. If somebody has taken the image from the engine since, it is put there again.</summary>
    internal static string From(BuildContext context)
    {
        var record = context.Need<BaseRecord>(context.Paths.BaseRecord, "BaseImage");
        if (context.ImageId(record.ImageId) is null)
            Provide(context, fresh: false);
        return context.From(context.Image("base"), record.ImageId);
    }

    private static (string Image, BaseOrigin Origin) Provide(BuildContext context, bool fresh)
    {
        var image = context.Image("base");
        return (image, Bases.Provide(context, context.Variant.Base.Image, context.Variant.Base.Bootstrap, image, fresh));
    }
}
