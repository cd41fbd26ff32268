using System.Text.Json;
using Cake.Core;
using Gfxbake.Formats.Images;
using Gfxbake.Host.Steps;
using Gfxbake.Host.Tasks.Images;
using Gfxbake.Pipeline.Full;
using Gfxbake.Pipeline.Minimal;
using Gfxbake.Pipeline.Verify;

namespace Gfxbake.Host.Tools;

/// <summary>Holds an image that the engine has against what was planned: its files path by path, its configuration key by key.</summary>
internal sealed class ImageJudge
{
    private const int MostShown = 20;

    private readonly BuildContext context;
    private readonly FullRecord full;

    /// <param name="context">The build.</param>
    /// <param name="slimmed">The libraries that were rewritten.</param>
    public ImageJudge(BuildContext context, IReadOnlyList<SlimmedFile> slimmed)
    {
        this.context = context;
        full = context.Need<FullRecord>(context.Paths.FullRecord, "FullImage");
        Proof = new ImageProof(FullFiles.ReadTable(context), context.ReadPlan(), slimmed);
    }

    public ImageProof Proof { get; }

    /// <summary>What was found, and the size of the export.</summary>
    /// <param name="Files">Paths that differ from the plan.</param>
    /// <param name="Configuration">Keys that differ from the recipe.</param>
    /// <param name="Built">What the image holds.</param>
    /// <param name="Size">Its size.</param>
    public sealed record Finding(IReadOnlyList<string> Files, IReadOnlyList<string> Configuration, FileTable Built, ImageSize Size)
    {
        public bool IsSound => Files.Count + Configuration.Count == 0;

        public string Text => Lines([.. Files, .. Configuration.Select(c => $"configuration: {c}")]);
    }

    /// <param name="imageId">Id of the image, never a name: a name may be moved at any time.</param>
    public Finding Judge(string imageId) =>
        ExportedImage.Use(
            context,
            imageId,
            (image, tarBytes) =>
            {
                var built = Table(image);
                return new Finding(
                    Proof.Differences(built),
                    Configuration(imageId),
                    built,
                    new ImageSize(ImageStatistics.Of(image.Entries), tarBytes)
                );
            }
        );

    /// <summary>Paths of an export that differ from the plan: of an image whose id, and so whose configuration, was proven before.</summary>
    public IReadOnlyList<string> Files(ImageFileSystem image) => Proof.Differences(Table(image));

    private FileTable Table(ImageFileSystem image) => FileTable.Of(image, cancellation: context.Interruption.Token);

    /// <summary>The first of many findings, a line each.</summary>
    public static string Lines(IReadOnlyList<string> findings) =>
        string.Join(
            '\n',
            findings
                .Take(MostShown)
                .Append($"… and {findings.Count - MostShown:N0} more")
                .Take(Math.Min(findings.Count, MostShown + 1))
                .Select(f => "  " + f)
        );

    private IReadOnlyList<string> Configuration(string imageId)
    {
        var said = string.Concat(context.EngineCommand("image", "inspect", imageId));
        try
        {
            using var json = JsonDocument.Parse(said);
            return ConfigurationProof.Differences(
                context.Recipe.Image,
                ImageLabels.PrunedEnvironment(context),
                ImageLabels.Of(context, "minimal", full.Version),
                json.RootElement[0]
            );
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or IndexOutOfRangeException)
        {
            throw new CakeException($"{context.Engine.Version} describes image {imageId} in a form that can't be read: {error.Message}");
        }
    }
}
