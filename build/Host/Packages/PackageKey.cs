using Cake.Core;
using Gfxbake.Recipes.Model;

namespace Gfxbake.Host.Packages;

/// <summary>The recipe's key packages, which not every recipe has.</summary>
internal static class PackageKey
{
    /// <exception cref="CakeException">The recipe has none.</exception>
    public static PackageRecipe Of(BuildContext context) =>
        context.Recipe.Packages
        ?? throw new CakeException(
            $"recipes/{context.Recipe.Name}/recipe.yml has no key packages, so no package is made of it; docs/packages.md explains the key"
        );
}
