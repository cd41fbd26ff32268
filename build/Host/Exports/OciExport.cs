using System.Security.Cryptography;
using Cake.Core;
using Gfxbake.Formats.Archives;
using Gfxbake.Formats.Files;
using Gfxbake.Host.Steps;
using Gfxbake.Pipeline.Outputs.Export;

namespace Gfxbake.Host.Exports;

/// <summary>Makes an OCI archive of the exported minimal image.</summary>
internal static class OciExport
{
    /// <returns>The archive; its checksum lies beside it.</returns>
    public static string Write(BuildContext context)
    {
        var saved = context.Need<ExportRecord>(context.Paths.ExportRecord("minimal", ".tar"), "SaveMinimalImage");
        var source = new ExportFile(Path.Combine(context.Paths.Images, saved.File));
        var target = context.Paths.Export("minimal", ".oci.tar");
        try
        {
            var contents = source.Check(context.Interruption.Token);
            using var writer = new OciArchiveWriter(Path.Combine(context.Paths.Build, "oci" + AtomicFile.PartialEnding));
            using (var archive = source.OpenUnpacked())
                writer.Read(archive, contents, ExportStep.Effort(Level(context)), context.Interruption.Token);
            var hash = "";
            AtomicFile.Write(
                target,
                output =>
                {
                    writer.Write(output, contents);
                    output.Position = 0;
                    hash = Convert.ToHexStringLower(SHA256.HashData(output));
                    File.Delete(target + ExportFile.ChecksumEnding);
                }
            );
            AtomicFile.WriteText(target + ExportFile.ChecksumEnding, $"{hash}  {Path.GetFileName(target)}\n");
            return target;
        }
        catch (ArchiveFormatException error)
        {
            throw new CakeException(
                $"{source.Path}: {error.Message}\nNext: rm {context.Paths.Show(source.Path)}, then run the same command again."
            );
        }
    }

    private static int Level(BuildContext context) => ExportStep.Levels[context.Workspace.Asked.Value.Zstd];
}
