using System.Diagnostics;
using Gfxbake.Formats.Archives;
using Gfxbake.Formats.Zstd;
using Gfxbake.Pipeline.Full;
using Gfxbake.Pipeline.Minimal;
using Gfxbake.Pipeline.Steps;

namespace Gfxbake.Pipeline.Outputs.Export;

/// <summary>What an exported image depends on.</summary>
public sealed record ExportInput
{
    /// <summary>The id in the record of the step that named the image: an archive of whatever has the name now would be trusted for that
    /// name.</summary>
    [Input("image")]
    public required string ImageId { get; init; }

    [Input("zstd")]
    public required string Zstd { get; init; }

    /// <summary>The name that the archive has for it.</summary>
    [Place]
    public required string Image { get; init; }

    [Place]
    public required ExportFile File { get; init; }

    /// <summary>The file as people see it.</summary>
    [Place]
    public required string Shown { get; init; }

    /// <summary>About how long the archive will be.</summary>
    [Place]
    public required long Bytes { get; init; }
}

/// <summary>Writes one image as a docker-archive below artifacts/images, reads it back and compares it with the image.</summary>
/// <param name="target">The target's name.</param>
/// <param name="kind">full or minimal.</param>
/// <param name="ending">.tar or .tar.zst.</param>
public sealed class ExportStep(string target, string kind, string ending) : Step<ExportInput, ExportRecord>
{
    private const int LargestPortableWindow = 27;

    private const string NotCompressed = "none";

    /// <summary>zstd's levels by the names that --zstd knows.</summary>
    public static IReadOnlyDictionary<string, int> Levels { get; } =
        new Dictionary<string, int>
        {
            ["fast"] = 3,
            ["default"] = 10,
            ["max"] = 19,
        };

    public override string Name => target;

    public override string RecordOf(BuildPaths paths) => paths.ExportRecord(kind, ending);

    public override ExportInput Gather(Workspace workspace, IEngine engine)
    {
        var (id, bytes, maker) = Recorded(workspace);
        var (image, file) = (workspace.PublicImage(kind), new ExportFile(workspace.Paths.Export(kind, ending)));
        if (engine.ImageId(id) is null)
            throw new StepException($"{id}, which {maker} made as {image}, is not in the engine; run {workspace.Command(maker)} first");
        return new()
        {
            ImageId = id,
            Zstd = file.IsCompressed ? Levels[workspace.Asked.Value.Zstd].ToString() : NotCompressed,
            Image = image,
            File = file,
            Shown = workspace.Paths.Show(file.Path),
            Bytes = bytes,
        };
    }

    public override bool StillThere(ExportInput input, ExportRecord record, IEngine engine) =>
        new FileInfo(input.File.Path) is { Exists: true } file
        && file.Length == record.Bytes
        && File.Exists(input.File.ChecksumPath)
        && File.ReadAllText(input.File.ChecksumPath).StartsWith(record.Sha256, StringComparison.Ordinal);

    public override ExportRecord Make(ExportInput input, IEngine engine, IReporter reporter, CancellationToken cancellation)
    {
        // Another checkout may have the name: an archive has the name that the engine is asked for.
        engine.Tag(input.ImageId, input.Image);
        var wanted = engine.Layers(input.ImageId);
        var clock = Stopwatch.StartNew();
        long tarBytes = 0;
        (long Bytes, string Sha256) written = (0, "");
        try
        {
            reporter.Transfer(
                $"{kind} image",
                input.Bytes,
                progress =>
                    written = input.File.Write(
                        stream => engine.Save(input.Image, stream, progress),
                        Effort(input.Zstd == NotCompressed ? 0 : int.Parse(input.Zstd)),
                        contents => tarBytes = Compare(contents, input.ImageId, wanted),
                        cancellation
                    )
            );
        }
        catch (ArchiveFormatException error)
        {
            throw new StepException(
                $"what was written of {input.Image} is not what the engine has: {error.Message}\n"
                    + "Next: run the same command again; when it stays, look at the disk and the engine's storage."
            );
        }

        reporter.Say(
            $"  {input.Shown}  {written.Bytes / 1e6:N1} MB of {tarBytes / 1e6:N1} in {clock.Elapsed.TotalSeconds:F1} s, "
                + "read back and compared"
        );
        return new ExportRecord
        {
            Inputs = [],
            File = Path.GetFileName(input.File.Path),
            Bytes = written.Bytes,
            TarBytes = tarBytes,
            Sha256 = written.Sha256,
        };
    }

    /// <summary>zstd at one of its levels, so that every program of today unpacks it.</summary>
    public static ZstdEffort Effort(int level) =>
        new(level, LongDistance: true)
        {
            WindowLog = LargestPortableWindow,
            Workers = Environment.ProcessorCount,
            Checksum = true,
        };

    private static long Compare(ArchiveContents contents, string imageId, IReadOnlyList<string> layers)
    {
        // docker's id of an image that containerd keeps is the digest of its manifest, which the archive then has.
        if (contents.ImageId != imageId && !contents.Documents.Contains(imageId))
            throw new ArchiveFormatException($"the configuration has the digest {contents.ImageId}, and the image the id {imageId}");
        if (!contents.Layers.Select(l => "sha256:" + l).SequenceEqual(layers))
            throw new ArchiveFormatException("its layers are other ones than the image's");
        return contents.TarBytes;
    }

    private (string Id, long Bytes, string Maker) Recorded(Workspace workspace)
    {
        if (kind == "full")
        {
            var full = workspace.Need<FullRecord>(workspace.Paths.FullRecord, "FullImage");
            return (full.ImageId, full.Size.TarBytes, "FullImage");
        }

        var minimal = workspace.Need<MinimalRecord>(workspace.Paths.MinimalRecord, "MinimalImage");
        return (minimal.ImageId, minimal.Size.TarBytes, "MinimalImage");
    }
}
