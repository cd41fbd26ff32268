using System.Security.Cryptography;
using System.Text;
using Gfxbake.Formats.Files;
using Gfxbake.Host.Tools;
using Gfxbake.Pipeline.Outputs.Release;

namespace Gfxbake.Host.Releases;

/// <summary>Reads what is released, in one pass for all checksums.</summary>
internal static class ReleaseFiles
{
    /// <summary>The files, the list of their checksums last.</summary>
    public static IReadOnlyList<ReleasedFile> Read(BuildContext context, ReleaseInput input, long largest, bool dry)
    {
        var files = new List<ReleasedFile>();
        foreach (var path in input.Files)
        {
            Transfer.Run(
                "reading " + Path.GetFileName(path),
                new FileInfo(path).Length,
                progress => files.Add(ReleasedFile.Read(path, largest, progress, context.Interruption.Token))
            );
            ReleaseInput.CheckExport(context, files[^1]);
            ReleaseInput.CheckPackage(context, files[^1]);
        }

        files.Add(Checksums(context, ReleaseText.Checksums(files), dry));
        return files;
    }

    private static ReleasedFile Checksums(BuildContext context, string text, bool dry)
    {
        var path = Path.Combine(context.Paths.Release, ReleaseText.ChecksumFile);
        if (!dry)
            AtomicFile.WriteText(path, text);
        var bytes = Encoding.UTF8.GetBytes(text);
        var hash = Convert.ToHexStringLower(SHA256.HashData(bytes));
        return new ReleasedFile(
            ReleaseText.ChecksumFile,
            path,
            bytes.Length,
            hash,
            [new ReleasePart(ReleaseText.ChecksumFile, path, 0, bytes.Length, hash)]
        );
    }
}
