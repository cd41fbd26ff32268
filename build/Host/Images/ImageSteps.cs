using Gfxbake.Host.Steps;
using Gfxbake.Host.Tools;
using Gfxbake.Pipeline.Base;
using Gfxbake.Pipeline.Full;
using Names = Gfxbake.Host.Arguments;

namespace Gfxbake.Host.Images;

/// <summary>What only the host knows of the first two images: where bases come from, and what the command line asks for.</summary>
public static class ImageSteps
{
    public static BaseStep Base(BuildContext context) =>
        new(() =>
            new BaseInput
            {
                // What images on it get later makes no other base.
                Base = context.Variant.Base with
                {
                    Trace = null,
                    SourceDateEpoch = null,
                },
                Engine = context.Engine.Path,
                Name = context.Image("base"),
                AskedFor = context.Flag(Names.Refresh) ? "--" + Names.Refresh : null,
                Provide = fresh => Provide(context, fresh),
            }
        );

    public static FullStep Full(BuildContext context) =>
        new(() =>
        {
            var content = new FullContext(context);
            var file = context.Book.FileOf(context.Recipe.Name, $"variants.{context.VariantName}.rocr.version");
            return new FullInput
            {
                BaseImage = context.Need<BaseRecord>(context.Paths.BaseRecord, "BaseImage").ImageId,
                Content = content.Inputs().ToDictionary(),
                Rocr = context.Variant.Rocr,
                Gpu = context.Recipe.Gpu,
                Rule = context.Book.Hosts.RuleOf(context.Recipe.Gpu),
                VersionOf = context.Variant.VersionOf,
                Hosts = context.Book.Hosts,
                Places = new FullPlaces
                {
                    Paths = context.Paths,
                    Files = FullFiles.Of(context.Workspace),
                    Names = (context.Image("full"), context.PublicImage("full")),
                    BaseName = context.Image("base"),
                    Base = () => From(context),
                    WriteContext = content.Write,
                    Arguments = content.BuildArguments,
                    Version = content.Version,
                    Compiled = context.Variant.Source?.Name,
                    ArchiveAsOf = content.ArchiveAsOf,
                    Lock = LockedVersions.Of(context),
                    Newer = LockedVersions.Newer(context),
                    RecipeFiles = ($"variant {context.VariantName} in {file}", $"recipes/{context.Recipe.Name}/recipe.yml"),
                    Refresh = context.Flag(Names.Refresh),
                    UpdateLock = context.Flag(Names.UpdateLock),
                },
            };
        });

    /// <summary>The base for a Dockerfile. If somebody has taken the image from the engine since, it is put there again.</summary>
    public static string From(BuildContext context)
    {
        var record = context.Need<BaseRecord>(context.Paths.BaseRecord, "BaseImage");
        if (context.ImageId(record.ImageId) is null)
            Provide(context, fresh: false);
        return context.From(context.Image("base"), record.ImageId);
    }

    private static BaseOrigin Provide(BuildContext context, bool fresh) =>
        Bases.Provide(context, context.Variant.Base.Image, context.Variant.Base.Bootstrap, context.Image("base"), fresh);
}
