using Gfxbake.Formats.Text;
using Gfxbake.Pipeline.Outputs.Sizes;
using Gfxbake.Pipeline.Verify;
using Gfxbake.Recipes.Model;

namespace Gfxbake.Pipeline.Outputs.Release;

/// <summary>What a release says: its checksums and its notes.</summary>
public static class ReleaseText
{
    public const string ChecksumFile = "SHA256SUMS";

    /// <summary>Marks the notes of a release that gfxbake made: only such a draft is gone on with.</summary>
    public static string Marker(string recipe, string variant) => $"<!-- gfxbake release: {recipe} {variant} -->";

    /// <summary>For sha256sum --check: every asset, and each split file as it is once joined.</summary>
    public static string Checksums(IEnumerable<ReleasedFile> files) =>
        string.Concat(
            files
                .SelectMany(f => f.IsSplit ? f.Parts.Select(p => (p.Name, p.Sha256)).Append((f.Name, f.Sha256)) : [(f.Name, f.Sha256)])
                .OrderBy(f => f.Name, StringComparer.Ordinal)
                .Select(f => $"{f.Sha256}  {f.Name}\n")
        );

    /// <summary>The notes, in Markdown.</summary>
    /// <param name="recipe">Its summary, source and licence are told.</param>
    /// <param name="sizes">The figures.</param>
    /// <param name="verify">What was run.</param>
    /// <param name="files">What the release holds.</param>
    public static string Notes(Recipe recipe, SizeReport sizes, VerifyRecord verify, IReadOnlyList<ReleasedFile> files)
    {
        using var output = new StringWriter { NewLine = "\n" };
        output.WriteLine(Marker(sizes.Recipe, sizes.Variant));
        output.WriteLine(
            $"{PlainText.Cell(recipe.Summary)}. Variant {PlainText.Cell(sizes.Variant)}: {PlainText.Cell(sizes.VersionText)}.\n"
        );
        output.WriteLine(
            $"{PlainText.Cell(recipe.Source)}, licence {PlainText.Cell(recipe.License)}; made by gfxbake at {sizes.Revision}.\n"
        );
        output.WriteLine($"Verified: {Runs(verify)}\n");
        output.WriteLine("| | full | minimal | saved |\n|---|---:|---:|---:|");
        foreach (var pair in SizePairs.Of(sizes).Where(p => p.Full?.Bytes is not null || p.Minimal?.Bytes is not null))
            output.WriteLine($"| {pair.Label} | {Cell(pair.Full)} | {Cell(pair.Minimal)} | {pair.Saved} |");
        output.WriteLine("\n| file | size |\n|---|---:|");
        foreach (var part in files.SelectMany(f => f.Parts))
            output.WriteLine($"| {PlainText.Code(part.Name)} | {SizeText.Of(part.Length)} |");
        output.WriteLine(
            "\nSizes are decimal: 1 MB = 1,000,000 bytes. After the download, beside the files (`docker load` does as well):\n\n```sh"
        );
        foreach (var file in files.Where(f => f.IsSplit))
            output.WriteLine($"cat {file.Name}.part-*-of-{file.Parts.Count} > {file.Name}");
        output.WriteLine($"sha256sum --check --ignore-missing {ChecksumFile}");
        foreach (
            var image in files.Where(f =>
                f.Name.EndsWith(".tar.zst", StringComparison.Ordinal) && f.Name.Contains("-minimal", StringComparison.Ordinal)
            )
        )
        {
            output.WriteLine($"zstd --long=27 -dc {image.Name} | podman load");
        }

        output.WriteLine("```");
        return output.ToString();
    }

    private static string Runs(VerifyRecord verify)
    {
        var checks = verify.Workloads.Where(w => w.Unproven is null).ToList();
        var gpus = checks.Where(w => w.Device is not null).Select(w => w.On).ToList();
        return $"{checks.Count} checks, {gpus.Count} of them on {TextLines.List([.. gpus.Distinct()])}, "
            + "gave in the minimal image what they give in the full one. No run on a real GPU is part of that.";
    }

    private static string Cell(SizeRow? row) => row?.Bytes is { } bytes ? SizeText.Of(bytes) : "";
}
