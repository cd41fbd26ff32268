using System.Text.RegularExpressions;
using Cake.Core;
using Gfxbake.Core.Sizes;

namespace Gfxbake.Host.Tasks.Exports;

/// <summary>The exported images of a recipe's variant, there or not.</summary>
internal static partial class ExportFiles
{
    private const int LongestChecksum = 4096;

    private static readonly (SizeSubject Subject, SizeKind Kind, string Ending, string Target)[] Known =
    [
        (SizeSubject.Full, SizeKind.ExportTar, "full.tar", "SaveImage"),
        (SizeSubject.Minimal, SizeKind.ExportTar, "minimal.tar", "SaveMinimalImage"),
        (SizeSubject.Full, SizeKind.ExportZst, "full.tar.zst", "SaveImageZst"),
        (SizeSubject.Minimal, SizeKind.ExportZst, "minimal.tar.zst", "SaveMinimalImageZst"),
    ];

    public static IReadOnlyList<SizeRow> Rows(BuildContext context) => [.. Known.Select(k =>
    {
        var file = new FileInfo(Path.Combine(context.Paths.Images, $"{context.Recipe.Name}-{context.VariantName}-{k.Ending}"));
        return new SizeRow(k.Subject, k.Kind, file.Name, file.Exists ? file.Length : null, null, k.Target, file.Exists ? Checksum(context, file, k.Target) : null);
    })];

    /// <summary>What the file beside it says; LoadImage is what compares it with the bytes.</summary>
    private static string Checksum(BuildContext context, FileInfo file, string target)
    {
        var beside = new FileInfo(file.FullName + ".sha256");
        if (!beside.Exists) throw new CakeException($"{context.Paths.Show(file.FullName)} has no .sha256 beside it, so it may be half written; make it anew: ./build.sh --target={target}");
        var text = beside.Length <= LongestChecksum ? File.ReadAllText(beside.FullName) : "";
        return Line().Match(text) is { Success: true } line && line.Groups["name"].Value == file.Name ? line.Groups["digest"].Value
            : throw new CakeException($"{context.Paths.Show(beside.FullName)} is not '<64 hex digits>  {file.Name}'; make it anew: ./build.sh --target={target}");
    }

    [GeneratedRegex(@"\A(?<digest>[0-9a-f]{64}) [ *](?<name>[^\n]+)\n?\z")]
    private static partial Regex Line();
}
