using Cake.Common.Diagnostics;
using Cake.Core;
using Gfxbake.Formats.Archives;
using Gfxbake.Formats.Zstd;
using Gfxbake.Host.Steps;
using Gfxbake.Host.Tools;
using Gfxbake.Pipeline.Full;
using Gfxbake.Pipeline.Minimal;
using Gfxbake.Pipeline.Outputs.Export;
using Gfxbake.Pipeline.Steps;

namespace Gfxbake.Host.Exports;

/// <summary>Writes one image as a docker-archive below artifacts/images, reads it back and compares it with the image.</summary>
public abstract class SaveStep(string kind, string ending) : RecordedTask<ExportRecord>
{
    private const int LargestPortableWindow = 27;

    /// <summary>zstd's levels by the names that --zstd knows.</summary>
    public static IReadOnlyDictionary<string, int> Levels { get; } =
        new Dictionary<string, int>
        {
            ["fast"] = 3,
            ["default"] = 10,
            ["max"] = 19,
        };

    protected override string RecordOf(BuildPaths paths) => paths.ExportRecord(kind, ending);

    protected override SortedDictionary<string, string> InputsOf(BuildContext context) =>
        new(StringComparer.Ordinal)
        {
            ["image"] = Recorded(context),
            ["zstd"] = ending.EndsWith(".zst", StringComparison.Ordinal) ? Effort(context).Level.ToString() : "none",
        };

    protected override bool StillThere(BuildContext context, ExportRecord record)
    {
        var file = new ExportFile(context.Paths.Export(kind, ending));
        return File.Exists(file.Path)
            && new FileInfo(file.Path).Length == record.Bytes
            && File.Exists(file.ChecksumPath)
            && File.ReadAllText(file.ChecksumPath).StartsWith(record.Sha256, StringComparison.Ordinal);
    }

    protected override ExportRecord Make(BuildContext context, SortedDictionary<string, string> inputs)
    {
        var image = context.PublicImage(kind);
        // Another checkout may have the name: an archive has the name that the engine is asked for.
        context.TagImage(inputs["image"], image);
        var wanted = context.ImageLayers(inputs["image"]);
        var file = new ExportFile(context.Paths.Export(kind, ending));
        var clock = System.Diagnostics.Stopwatch.StartNew();
        long tarBytes = 0;
        (long Bytes, string Sha256) written = (0, "");
        try
        {
            Transfer.Run(
                $"{kind} image",
                About(context),
                progress =>
                    written = file.Write(
                        stream => EngineStream.Save(context, image, stream, progress),
                        Effort(context),
                        contents => tarBytes = Compare(contents, inputs["image"], wanted),
                        context.Interruption.Token
                    )
            );
        }
        catch (ArchiveFormatException error)
        {
            throw new CakeException(
                $"what was written of {image} is not what the engine has: {error.Message}\n"
                    + "Next: run the same command again; when it stays, look at the disk and the engine's storage."
            );
        }

        context.Information(
            "  {0}  {1:N1} MB of {2:N1} in {3:F1} s, read back and compared",
            context.Paths.Show(file.Path),
            written.Bytes / 1e6,
            tarBytes / 1e6,
            clock.Elapsed.TotalSeconds
        );
        return new ExportRecord
        {
            Inputs = inputs,
            File = Path.GetFileName(file.Path),
            Bytes = written.Bytes,
            TarBytes = tarBytes,
            Sha256 = written.Sha256,
        };
    }

    private static long Compare(ArchiveContents contents, string imageId, IReadOnlyList<string> layers)
    {
        // docker's id of an image that containerd keeps is the digest of its manifest, which the archive then has.
        if (contents.ImageId != imageId && !contents.Documents.Contains(imageId))
            throw new ArchiveFormatException($"the configuration has the digest {contents.ImageId}, and the image the id {imageId}");
        if (!contents.Layers.Select(l => "sha256:" + l).SequenceEqual(layers))
            throw new ArchiveFormatException("its layers are other ones than the image's");
        return contents.TarBytes;
    }

    /// <summary>
    /// The id in the record of the step that named the image: an archive of whatever has the name now would be trusted for that name.
    /// </summary>
    private string Recorded(BuildContext context)
    {
        var (recorded, target) =
            kind == "full"
                ? (context.Need<FullRecord>(context.Paths.FullRecord, "FullImage").ImageId, "FullImage")
                : (context.Need<MinimalRecord>(context.Paths.MinimalRecord, "MinimalImage").ImageId, "MinimalImage");
        return context.ImageId(recorded) is not null
            ? recorded
            : throw new CakeException(
                $"{recorded}, which {target} made as {context.PublicImage(kind)}, is not in the engine; run {context.Command(target)} first"
            );
    }

    private long About(BuildContext context) =>
        kind == "full"
            ? context.Need<FullRecord>(context.Paths.FullRecord, "FullImage").Size.TarBytes
            : context.Need<MinimalRecord>(context.Paths.MinimalRecord, "MinimalImage").Size.TarBytes;

    internal static ZstdEffort Effort(BuildContext context)
    {
        var level = Levels[context.Value(Arguments.Zstd) ?? "default"];
        return new ZstdEffort(level, LongDistance: true)
        {
            WindowLog = LargestPortableWindow,
            Workers = Environment.ProcessorCount,
            Checksum = true,
        };
    }
}
