using System.Text.RegularExpressions;
using Cake.Core;
using Gfxbake.Formats.Archives;
using Gfxbake.Formats.Files;
using Gfxbake.Pipeline.Full;
using Gfxbake.Pipeline.Minimal;
using Gfxbake.Pipeline.Outputs.Export;
using Gfxbake.Pipeline.Outputs.Sizes;

namespace Gfxbake.Host.Exports;

/// <summary>The exported images of a recipe's variant, there or not.</summary>
internal static partial class ExportFiles
{
    private const int LongestChecksum = 4096;

    private static readonly (SizeSubject Subject, SizeKind Kind, string Ending, string Target)[] Known =
    [
        (SizeSubject.Full, SizeKind.ExportTar, ".tar", "SaveImage"),
        (SizeSubject.Minimal, SizeKind.ExportTar, ".tar", "SaveMinimalImage"),
        (SizeSubject.Full, SizeKind.ExportZst, ".tar.zst", "SaveImageZst"),
        (SizeSubject.Minimal, SizeKind.ExportZst, ".tar.zst", "SaveMinimalImageZst"),
    ];

    public static IReadOnlyList<SizeRow> Rows(BuildContext context, FullRecord full, MinimalRecord minimal) =>
        [
            .. Known.Select(k =>
            {
                var (kind, image) = k.Subject == SizeSubject.Full ? ("full", full.ImageId) : ("minimal", minimal.ImageId);
                var file = new FileInfo(context.Paths.Export(kind, k.Ending));
                if (!file.Exists)
                    return new SizeRow(k.Subject, k.Kind, file.Name, null, null, k.Target);
                if (
                    RecordFile.TryRead<ExportRecord>(context.Paths.ExportRecord(kind, k.Ending)) is { } made
                    && made.Bytes == file.Length
                    && made.Inputs.GetValueOrDefault("image") is { } of
                    && of != image
                )
                {
                    throw new CakeException(
                        $"{context.Paths.Show(file.FullName)} was made of an earlier image; "
                            + $"make it anew: {context.Command(k.Target)}, or delete it"
                    );
                }
                return new SizeRow(k.Subject, k.Kind, file.Name, file.Length, null, k.Target, Checksum(context, file, k.Target));
            }),
        ];

    /// <summary>What the file beside it says; LoadImage is what compares it with the bytes.</summary>
    private static string Checksum(BuildContext context, FileInfo file, string target)
    {
        var beside = new FileInfo(file.FullName + ExportFile.ChecksumEnding);
        if (!beside.Exists)
        {
            throw new CakeException(
                $"{context.Paths.Show(file.FullName)} has no .sha256 beside it, so it may be half written; "
                    + $"make it anew: {context.Command(target)}"
            );
        }

        var text = beside.Length <= LongestChecksum ? File.ReadAllText(beside.FullName) : "";
        return Line().Match(text) is { Success: true } line && line.Groups["name"].Value == file.Name
            ? line.Groups["digest"].Value
            : throw new CakeException(
                $"{context.Paths.Show(beside.FullName)} is not '<64 hex digits>  {file.Name}'; make it anew: {context.Command(target)}"
            );
    }

    [GeneratedRegex(@"\A(?<digest>[0-9a-f]{64}) [ *](?<name>[^\n]+)\n?\z")]
    private static partial Regex Line();
}
