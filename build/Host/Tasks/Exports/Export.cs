using Cake.Common.Diagnostics;
using Cake.Core;
using Cake.Frosting;
using Gfxbake.Formats.Archives;
using Gfxbake.Formats.Files;
using Gfxbake.Host.Exports;
using Gfxbake.Host.Steps;
using Gfxbake.Pipeline.Outputs.Export;

namespace Gfxbake.Host.Tasks.Exports;

/// <summary>
/// Writes the minimal image for tools other than docker and podman: an OCI archive whose layers are compressed one by one.
/// </summary>
[TaskName("Export")]
[TaskDescription("Writes the minimal image as an OCI archive: --format=oci")]
[IsDependentOn(typeof(SaveMinimalImage))]
public sealed class Export : FrostingTask<BuildContext>
{
    public override void Run(BuildContext context) =>
        context.Interruption.Guard(() =>
        {
            // There is one so far; a docker-archive is SaveMinimalImage's.
            _ = context.Value(Arguments.Format);
            context.Interruption.Lock(context);
            var saved = context.Need<ExportRecord>(context.Paths.ExportRecord("minimal", ".tar"), nameof(SaveMinimalImage));
            var source = new ExportFile(Path.Combine(context.Paths.Images, saved.File));
            var target = context.Paths.Export("minimal", ".oci.tar");
            var token = context.Interruption.Token;
            try
            {
                var contents = source.Check(token);
                using var writer = new OciArchiveWriter(Path.Combine(context.Paths.Build, "oci" + AtomicFile.PartialEnding));
                using (var archive = source.OpenUnpacked())
                    writer.Read(archive, contents, SaveStep.Effort(context), token);
                var hash = "";
                AtomicFile.Write(
                    target,
                    output =>
                    {
                        writer.Write(output, contents);
                        output.Position = 0;
                        hash = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(output));
                        File.Delete(target + ExportFile.ChecksumEnding);
                    }
                );
                AtomicFile.WriteText(target + ExportFile.ChecksumEnding, $"{hash}  {Path.GetFileName(target)}\n");
            }
            catch (ArchiveFormatException error)
            {
                throw new CakeException(
                    $"{source.Path}: {error.Message}\nNext: rm {context.Paths.Show(source.Path)}, then run the same command again."
                );
            }

            context.Information(
                "  {0}  {1:N1} MB, image id and layers as in the engine",
                context.Paths.Show(target),
                new FileInfo(target).Length / 1e6
            );
        });
}
