using Cake.Common.Diagnostics;
using Cake.Core;
using Gfxbake.Recipes.Model;

namespace Gfxbake.Host.Tools;

/// <summary>
/// Changes of a recipe to the code that it compiles. Each must fit, or be in already; a patch that silently does nothing would be worse
/// than none.
/// </summary>
public static class SourcePatches
{
    /// <summary>The patch files of a source, in order.</summary>
    /// <exception cref="CakeException">One is not there.</exception>
    public static IReadOnlyList<string> Of(BuildContext context, SourceCode source)
    {
        var files = source.Patches.Select(p => Path.Combine(context.Paths.Recipes, p)).ToList();
        if (files.Find(f => !File.Exists(f)) is { } missing)
        {
            throw new CakeException(
                $"{context.Paths.Show(missing)} is missing; "
                    + $"restore it, or take it out of source.patches in recipes/{context.Recipe.Name}/recipe.yml"
            );
        }

        return files;
    }

    /// <summary>Applies them to a copy of the source.</summary>
    /// <exception cref="CakeException">A patch neither fits nor is in already.</exception>
    public static void Apply(BuildContext context, SourceCode source, string folder)
    {
        foreach (var patch in Of(context, source))
        {
            var name = context.Paths.Show(patch);
            var answer = Git(context, folder, patch);
            if (answer.Status == 0)
            {
                context.Information("  patched by {0}", name);
            }
            else if (Git(context, folder, patch, "--reverse", "--check").Status == 0)
            {
                context.Warning("  {0} is in the source already; take it out of the recipe", name);
            }
            else
            {
                throw new CakeException(
                    $"{name} fits the source no more:\n{string.Join('\n', answer.Errors.Take(4).Select(l => "  " + l))}\n"
                        + $"Next: make it anew for this tag, or take it out of source.patches in recipes/{context.Recipe.Name}/recipe.yml"
                        + " when upstream has done it in another way"
                );
            }
        }
    }

    // git leaves files alone that it thinks to be of a repository further up, so that one must not be found.
    private static Git.Answer Git(BuildContext context, string folder, string patch, params string[] options) =>
        Tools.Git.Run(context, folder, ["--git-dir=/nonexistent", "apply", "--unidiff-zero", .. options, patch]);
}
