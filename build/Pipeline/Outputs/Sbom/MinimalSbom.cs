using Gfxbake.Formats.Images;
using Gfxbake.Pipeline.Full;
using Gfxbake.Pipeline.Minimal;
using Gfxbake.Pipeline.Plan;
using Gfxbake.Pipeline.Steps;

namespace Gfxbake.Pipeline.Outputs.Sbom;

/// <summary>Packages and files of the minimal image, for the target Sbom and for the licence of a package.</summary>
public static class MinimalSbom
{
    /// <summary>The minimal image that is there, as a document names it.</summary>
    /// <param name="workspace">The build.</param>
    /// <param name="tool">Version of this program; it stands in documents only.</param>
    public static SbomSubject Subject(Workspace workspace, string tool)
    {
        var minimal = workspace.Need<MinimalRecord>(workspace.Paths.MinimalRecord, "MinimalImage");
        var version = workspace.Need<FullRecord>(workspace.Paths.FullRecord, "FullImage").Version;
        return new(minimal.Image, version, minimal.RootFileSystem, workspace.Variant.Base.LatestTime, tool);
    }

    /// <summary>What remains in the minimal image.</summary>
    /// <param name="subject">The image.</param>
    /// <param name="paths">Where its layers lie, and the full image's files.</param>
    /// <param name="plan">What was to remain.</param>
    /// <param name="minimal">The image's record.</param>
    /// <param name="cancellation">Looked at now and then.</param>
    /// <exception cref="StepException">The files lack what a list needs.</exception>
    public static SbomDocument Read(
        SbomSubject subject,
        BuildPaths paths,
        PrunePlan plan,
        MinimalRecord minimal,
        CancellationToken cancellation
    )
    {
        try
        {
            using var layers = LayerFiles.Open(paths.MinimalContext, minimal.Layers, cancellation);
            using var full = ImageFileSystem.Open(paths.FullTar);
            return SbomBuilder.Build(
                new SbomInput
                {
                    Subject = subject,
                    Full = full,
                    Plan = plan,
                    Layers = layers.Layers,
                    Slimmed = minimal.Slimmed,
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
