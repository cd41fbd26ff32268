using Gfxbake.Formats.Images;
using Gfxbake.Formats.Tar;
using Gfxbake.Formats.Tensile;
using Gfxbake.Formats.Text;

namespace Gfxbake.Pipeline.Plan;

/// <summary>
/// Whether the tables of an image's kernel files name a file that is gone. No workload finds that out: a table is opened when a computation
/// of its kind comes, and rocBLAS ends with SIGSEGV then.
/// </summary>
public static class KernelTables
{
    /// <param name="tree">Where the tables are read.</param>
    /// <param name="paths">The paths of the image; those of tables are looked at.</param>
    /// <param name="isThere">Whether the image has a path.</param>
    /// <param name="wasThere">Whether the image that it was made from had it: what never was there was not lost here.</param>
    /// <returns>A sentence for each table that names files which are gone, with what to do.</returns>
    public static IReadOnlyList<string> Problems(
        IFileTree tree,
        IEnumerable<string> paths,
        Func<string, bool> isThere,
        Func<string, bool> wasThere
    )
    {
        var problems = new List<string>();
        var folder = new TensileFolder(tree, isThere);
        foreach (var path in paths.Order(StringComparer.Ordinal))
        {
            if (TensileFolder.GpuOf(path) is not { } gpu || tree.Resolve(path).Target is not { Kind: EntryKind.File or EntryKind.HardLink })
                continue;
            try
            {
                problems.AddRange(folder.Gaps(path, gpu).Where(g => g.Files.Any(wasThere)).GroupBy(g => g.Table).Select(Sentence));
            }
            catch (Exception error) when (error is TensileFormatException or IOException)
            {
                problems.Add($"{PlainText.Visible(path)} can't be followed: {error.Message}; reinstall its package in the full image");
            }
        }

        return problems;
    }

    private static string Sentence(IGrouping<string, TensileGap> gaps)
    {
        var (first, count) = (gaps.First(), gaps.Count());
        var more = count > 1 ? $" and {SizeText.Count(count - 1)} more" : "";
        var what = first.IsTable ? "rocBLAS ends with SIGSEGV when it opens it" : $"some computations on {first.Gpu} fail without it";
        return $"{PlainText.Visible(first.Files[0])}{more} is gone, and {PlainText.Visible(first.Table)} names it: {what}; "
            + "keep it by `files` of the kernel rule in recipes/_shared/rocm.yml, or by a keep rule of the recipe";
    }
}
