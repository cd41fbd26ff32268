using Gfxbake.Recipes.Yaml;

namespace Gfxbake.Recipes.Reading;

/// <summary>Reads one file of recipes/_shared/.</summary>
internal static class SharedFile
{
    /// <param name="root">The folder recipes/.</param>
    /// <param name="name">Below it: _shared/gpus.yml.</param>
    /// <param name="check">What must hold beyond the keys.</param>
    /// <exception cref="RecipeException">It is missing or has problems: all are named.</exception>
    public static T Read<T>(string root, string name, Action<YamlBinder, T>? check = null)
        where T : class
    {
        var path = Path.Combine(root, name);
        if (!File.Exists(path))
            throw new RecipeException([$"recipes/{name} is missing; restore it from git"]);
        var binder = new YamlBinder($"recipes/{name}");
        using var reader = File.OpenText(path);
        var facts = binder.Read<T>(reader);
        if (facts is not null)
            check?.Invoke(binder, facts);
        return binder.Problems.Count == 0 ? facts! : throw new RecipeException(binder.Problems);
    }
}
