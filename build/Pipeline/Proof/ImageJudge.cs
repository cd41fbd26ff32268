using System.Text.Json;
using Gfxbake.Formats.Images;
using Gfxbake.Formats.Text;
using Gfxbake.Pipeline.Full;
using Gfxbake.Pipeline.Steps;
using Gfxbake.Recipes.Model;

namespace Gfxbake.Pipeline.Proof;

/// <summary>What an image's configuration must say.</summary>
public sealed record WantedConfiguration(
    ImageMetadata Image,
    IReadOnlyDictionary<string, string> Environment,
    IReadOnlyDictionary<string, string> Labels
);

/// <summary>Holds an image that the engine has against what was planned: its files path by path, its configuration key by key.</summary>
/// <param name="engine">Has the image.</param>
/// <param name="proof">What the files must be.</param>
/// <param name="wanted">What the configuration must say.</param>
/// <param name="folder">Where the image is exported to for a while.</param>
/// <param name="cancellation">Looked at now and then.</param>
public sealed class ImageJudge(
    IEngine engine,
    ImageProof proof,
    WantedConfiguration wanted,
    string folder,
    CancellationToken cancellation = default
)
{
    /// <summary>What was found, and the size of the export.</summary>
    /// <param name="Files">Paths that differ from the plan.</param>
    /// <param name="Configuration">Keys that differ from the recipe.</param>
    /// <param name="Built">What the image holds.</param>
    /// <param name="Size">Its size.</param>
    /// <param name="Tables">Tables of kernel files that name a file which is gone.</param>
    public sealed record Finding(
        IReadOnlyList<string> Files,
        IReadOnlyList<string> Configuration,
        FileTable Built,
        ImageSize Size,
        IReadOnlyList<string> Tables
    )
    {
        public bool IsSound => Files.Count + Configuration.Count + Tables.Count == 0;

        public string Text => TextLines.First([.. Files, .. Tables, .. Configuration.Select(c => $"configuration: {c}")]);
    }

    /// <param name="imageId">Id of the image, never a name: a name may be moved at any time.</param>
    public Finding Judge(string imageId) =>
        ExportedImage.Use(
            engine,
            folder,
            imageId,
            (image, bytes) =>
            {
                var built = FileTable.Of(image, cancellation: cancellation);
                var size = new ImageSize(ImageStatistics.Of(image.Entries), bytes);
                return new Finding(proof.Differences(built), Configuration(imageId), built, size, proof.BrokenTables(image));
            }
        );

    private IReadOnlyList<string> Configuration(string imageId)
    {
        try
        {
            using var json = JsonDocument.Parse(engine.Inspect(imageId));
            return ConfigurationProof.Differences(wanted.Image, wanted.Environment, wanted.Labels, json.RootElement[0]);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or IndexOutOfRangeException)
        {
            throw new StepException($"the engine describes image {imageId} in a form that can't be read: {error.Message}");
        }
    }
}
