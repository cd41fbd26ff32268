using Cake.Core;
using Gfxbake.Host.Tools;
using Gfxbake.Recipes.Model;

namespace Gfxbake.Host.Packages;

/// <summary>What all steps that make packages share.</summary>
internal static class PackageMaker
{
    /// <exception cref="CakeException">The recipe has none.</exception>
    public static PackageRecipe Rules(BuildContext context) =>
        context.Recipe.Packages
        ?? throw new CakeException(
            $"recipes/{context.Recipe.Name}/recipe.yml has no key packages, so no package is made of it; docs/packages.md explains the key"
        );

    /// <summary>The image that the tools come from where a distribution's own is not to be had, and that the alternate root's shell comes from.</summary>
    public static string Standin(BuildContext context)
    {
        var image = context.Image("standin");
        Bases.Provide(context, null, context.Book.Packaging.Standin, image);
        return context.From(image, context.NeedImageId(image));
    }
}
