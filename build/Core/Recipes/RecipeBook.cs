namespace Gfxbake.Core.Recipes;

/// <summary>Reads and checks the folder recipes/: the shared facts and every recipe.</summary>
public sealed class RecipeBook
{
    private readonly string root;

    private RecipeBook(string root, IReadOnlyDictionary<string, Gpu> gpus, RocmFacts rocm)
    {
        this.root = root;
        Gpus = gpus;
        Rocm = rocm;
    }

    public IReadOnlyDictionary<string, Gpu> Gpus { get; }

    public RocmFacts Rocm { get; }

    /// <summary>Names of all recipes, sorted.</summary>
    public IReadOnlyList<string> Names
        => [.. Directory.EnumerateFiles(root, "recipe.yml", new EnumerationOptions { RecurseSubdirectories = true, MaxRecursionDepth = 1 })
            .Select(f => Path.GetFileName(Path.GetDirectoryName(f))!).Where(n => !n.StartsWith('_')).Order(StringComparer.Ordinal)];

    /// <summary>Opens the folder recipes/.</summary>
    /// <exception cref="RecipeException">A shared file is missing or wrong.</exception>
    public static RecipeBook Open(string root)
        => new(root, ReadShared<GpuFile>(root, "_shared/gpus.yml").Gpus, ReadShared<RocmFacts>(root, "_shared/rocm.yml"));

    /// <summary>Reads one recipe.</summary>
    /// <exception cref="RecipeException">There is no such recipe, or it has problems: all of them are named.</exception>
    public Recipe Read(string name)
    {
        if (!Names.Contains(name, StringComparer.Ordinal))
            throw new RecipeException([$"unknown recipe '{name}'; known: {string.Join(", ", Names)} (recipes/*/recipe.yml)"]);
        var file = $"recipes/{name}/recipe.yml";
        var binder = new YamlBinder(file);
        using var reader = File.OpenText(Path.Combine(root, name, "recipe.yml"));
        var recipe = binder.Read<Recipe>(reader);
        if (recipe is not null) new RecipeRules(binder, Gpus, name).Check(recipe);
        return binder.Problems.Count == 0 ? recipe! : throw new RecipeException(binder.Problems);
    }

    private static T ReadShared<T>(string root, string name) where T : class
    {
        var path = Path.Combine(root, name);
        if (!File.Exists(path)) throw new RecipeException([$"recipes/{name} is missing; restore it from git"]);
        var binder = new YamlBinder($"recipes/{name}");
        using var reader = File.OpenText(path);
        return binder.Read<T>(reader) ?? throw new RecipeException(binder.Problems);
    }
}

/// <summary>The file recipes/_shared/gpus.yml.</summary>
public sealed record GpuFile
{
    public required IReadOnlyDictionary<string, Gpu> Gpus { get; init; }
}
