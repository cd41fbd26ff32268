using Cake.Core;
using Gfxbake.Formats.Dpkg;
using Gfxbake.Formats.Images;
using Gfxbake.Recipes.Shared;

namespace Gfxbake.Host.Tasks.Images;

/// <summary>Looks at the ROCr that an image really holds, before anything is traced with it.</summary>
public static class ImageRocr
{
    /// <exception cref="CakeException">It is not what the recipe says, or lacks what the GPU needs of it.</exception>
    public static void Check(BuildContext context, ImageFileSystem image, IReadOnlyList<InstalledPackage> packages)
    {
        if (context.Variant.Rocr is not { } rocr)
            return;
        var problems = RocrCheck.Problems(context.Book.Hosts, context.Recipe.Gpu, rocr, image, packages);
        if (problems.Count == 0)
            return;
        var file = context.Book.FileOf(context.Recipe.Name, $"variants.{context.VariantName}.rocr.version");
        throw new CakeException(
            $"""
            the full image has the wrong ROCr:
              {string.Join("\n  ", problems)}
            Next: correct the packages or 'rocr' of variant {context.VariantName} in {file}; docs/hosts.md tells which ROCr a GPU needs.
            """
        );
    }
}
