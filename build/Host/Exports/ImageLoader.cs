using Cake.Common.Diagnostics;
using Cake.Core;
using Gfxbake.Formats.Archives;
using Gfxbake.Formats.Files;
using Gfxbake.Formats.Text;
using Gfxbake.Formats.Zstd;
using Gfxbake.Host.Steps;
using Gfxbake.Host.Tools;
using Gfxbake.Pipeline.Full;
using Gfxbake.Pipeline.Minimal;
using Gfxbake.Pipeline.Proof;
using Gfxbake.Pipeline.Steps;

namespace Gfxbake.Host.Exports;

/// <summary>Loads an export into the engine and looks at what the engine made of it.</summary>
internal static class ImageLoader
{
    public static void Run(BuildContext context) =>
        context.Interruption.Guard(() =>
        {
            var file = FileOf(context);
            try
            {
                context.Interruption.Lock(context);
                var contents = file.Check(context.Interruption.Token);
                context.Information("{0}: checksum and layers are right", Path.GetFileName(file.Path));
                using var archive = file.OpenUnpacked();
                Transfer.Run("loading", contents.TarBytes, progress => EngineStream.Load(context, archive, progress));
                foreach (var name in contents.Names)
                {
                    var id = context.NeedImageId(name);
                    // docker's id of an image that containerd keeps is the digest of a manifest; the layers are the same ones in every
                    // engine.
                    if (id != contents.ImageId && !HasLayers(context, name, contents.Layers))
                    {
                        throw new CakeException(
                            $"{name} has the id {id} after loading, and the archive's is {contents.ImageId}; look at the engine's storage"
                        );
                    }

                    context.Information("{0}  {1}", name, id);
                    Compare(context, name, id);
                }
            }
            catch (Exception error) when (DiskFull.Caused(error) && !context.Interruption.Requested)
            {
                throw DiskFull.Explain("LoadImage", error);
            }
            catch (Exception error) when (error is ArchiveFormatException or CompressionException)
            {
                throw new CakeException(
                    $"{file.Path} is not loaded: {error.Message}\n"
                        + $"Next: copy it again from where it was made, with its {ExportFile.ChecksumEnding} file."
                );
            }
        });

    /// <summary>
    /// Of an export of the build that is here, the loaded files are held against its plan; of any other one nothing here knows what they
    /// should be.
    /// </summary>
    private static void Compare(BuildContext context, string name, string id)
    {
        if (RecordFile.TryRead<MinimalRecord>(context.Paths.MinimalRecord) is not { } minimal || minimal.ImageId != id || !minimal.Verified)
        {
            context.Information("  not compared with a plan: {0} did not make this image", context.Paths.Show(context.Paths.Build));
            return;
        }

        var wrong = WrongFiles(context, minimal.Slimmed, id);
        if (wrong.Count == 0)
        {
            context.Information("  every path is as it was verified ({0})", context.Paths.Show(context.Paths.MinimalRecord));
            return;
        }

        context.EngineCommand("rmi", name);
        throw new CakeException(
            $"the engine made other files of {name} than were verified, so it lost that name:\n{TextLines.First(wrong)}\n"
                + "Next: look at the disk and the engine's storage, then load it again."
        );
    }

    /// <summary>Paths that differ from the plan, of an image whose id, and so whose configuration, was proven before.</summary>
    private static IReadOnlyList<string> WrongFiles(BuildContext context, IReadOnlyList<SlimmedFile> slimmed, string id)
    {
        var full = context.Need<FullRecord>(context.Paths.FullRecord, "FullImage");
        var table = StepRecords.OfStep(() => FullFiles.Of(context.Workspace).ReadTable(full.Files));
        var proof = new ImageProof(table, context.ReadPlan(), slimmed);
        return ExportedImage.Use(
            new CommandLineEngine(context),
            context.Paths.Build,
            id,
            (image, _) => proof.Differences(FileTable.Of(image, cancellation: context.Interruption.Token))
        );
    }

    private static bool HasLayers(BuildContext context, string image, IEnumerable<string> layers) =>
        context.ImageLayers(image).SequenceEqual(layers.Select(l => "sha256:" + l));

    private static ExportFile FileOf(BuildContext context)
    {
        var file =
            context.Value(Arguments.File)
            ?? throw new CakeException(
                "LoadImage needs --file=, "
                    + "for instance ./build.sh --target=LoadImage --file=artifacts/images/llama-cpp-gfx1151-debian-minimal.tar.zst"
            );
        var path = context.FromCaller(file);
        if (!File.Exists(path))
        {
            throw new CakeException(
                $"--file={file}: {path} is {(Directory.Exists(path) ? "a directory" : "not there")}; "
                    + "name an exported image (.tar or .tar.zst)"
            );
        }

        return path.EndsWith(".tar", StringComparison.Ordinal) || path.EndsWith(".tar.zst", StringComparison.Ordinal)
            ? new ExportFile(path)
            : throw new CakeException($"--file={file} ends in neither .tar nor .tar.zst");
    }
}
