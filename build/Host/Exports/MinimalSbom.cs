using Cake.Core;
using Gfxbake.Formats.Images;
using Gfxbake.Host.Steps;
using Gfxbake.Pipeline.Full;
using Gfxbake.Pipeline.Minimal;
using Gfxbake.Pipeline.Outputs.Sbom;

namespace Gfxbake.Host.Exports;

/// <summary>Packages and files of the minimal image, for the target Sbom and for the licence of a package.</summary>
internal static class MinimalSbom
{
    /// <summary>What remains in the minimal image that is there.</summary>
    /// <exception cref="CakeException">The image is not built, or its files lack what a list needs.</exception>
    public static SbomDocument Read(BuildContext context)
    {
        var minimal = context.Need<MinimalRecord>(context.Paths.MinimalRecord, "MinimalImage");
        var version = context.Need<FullRecord>(context.Paths.FullRecord, "FullImage").Version;
        var subject = new SbomSubject(
            minimal.Image,
            version,
            minimal.RootFileSystem,
            context.Variant.Base.LatestTime,
            new ProjectVersion().GetVersion()
        );
        try
        {
            using var layers = LayerFiles.Open(context.Paths.MinimalContext, minimal.Layers, context.Interruption.Token);
            using var full = ImageFileSystem.Open(context.Paths.FullTar);
            return SbomBuilder.Build(
                new SbomInput
                {
                    Subject = subject,
                    Full = full,
                    Plan = context.ReadPlan(),
                    Layers = layers.Layers,
                    Slimmed = minimal.Slimmed,
                },
                context.Interruption.Token
            );
        }
        catch (SbomException exception)
        {
            throw new CakeException(exception.Message);
        }
    }
}
