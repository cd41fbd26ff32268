using Gfxbake.Pipeline.Steps;
using Gfxbake.Recipes.Model;

namespace Gfxbake.Pipeline.Outputs.Package;

/// <summary>The recipe's key packages, which not every recipe has.</summary>
internal static class PackageKey
{
    /// <exception cref="StepException">The recipe has none.</exception>
    public static PackageRecipe Of(Workspace workspace) =>
        workspace.Recipe.Packages
        ?? throw new StepException(
            $"recipes/{workspace.Recipe.Name}/recipe.yml has no key packages, so no package is made of it; "
                + "docs/packages.md explains the key"
        );
}
