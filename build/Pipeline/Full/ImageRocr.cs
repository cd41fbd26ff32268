using Gfxbake.Formats.Images;
using Gfxbake.Formats.Packages;
using Gfxbake.Pipeline.Steps;
using Gfxbake.Recipes.Model;
using Gfxbake.Recipes.Shared;

namespace Gfxbake.Pipeline.Full;

/// <summary>Looks at the ROCr that an image really holds, before anything is traced with it.</summary>
public static class ImageRocr
{
    /// <param name="hosts">What GPUs need.</param>
    /// <param name="gpu">The recipe's GPU.</param>
    /// <param name="rocr">What the variant says that it ships; null: nothing.</param>
    /// <param name="where">Where the recipe says it, for the error.</param>
    /// <param name="image">The full image.</param>
    /// <param name="packages">What it has installed.</param>
    /// <exception cref="StepException">It is not what the recipe says, or lacks what the GPU needs of it.</exception>
    public static void Check(HostFacts hosts, string gpu, ShippedRocr? rocr, string where, ImageFileSystem image, PackageDatabase packages)
    {
        if (rocr is null)
            return;
        var problems = RocrCheck.Problems(hosts, gpu, rocr, image, packages);
        if (problems.Count == 0)
            return;
        throw new StepException(
            $"""
            the full image has the wrong ROCr:
              {string.Join("\n  ", problems)}
            Next: correct the packages or 'rocr' of {where}; docs/hosts.md tells which ROCr a GPU needs.
            """
        );
    }
}
