namespace Gfxbake.Recipes.Yaml;

/// <summary>A recipe can't be used; holds every problem that was found, each as "file:line: what; what next".</summary>
public sealed class RecipeException(IReadOnlyList<string> problems) : Exception(string.Join('\n', problems))
{
    public IReadOnlyList<string> Problems { get; } = problems;
}
