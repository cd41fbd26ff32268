namespace Gfxbake.Unit.Tests.Recipes.Reading;

/// <summary>A temporary recipes/ folder with one small valid recipe, to be changed by a test.</summary>
internal sealed class RecipeFolder : IDisposable
{
    public const string Valid = SampleRecipe.Text;

    public RecipeFolder() => SampleRecipe.Write(Root);

    public string Root { get; } = Directory.CreateTempSubdirectory("recipes").FullName;

    public void Write(string recipe) => File.WriteAllText(Path.Combine(Root, "sample", "recipe.yml"), recipe);

    /// <summary>Writes recipes/_shared/NAME.yml.</summary>
    public void Share(string name, string text) => File.WriteAllText(Path.Combine(Root, "_shared", name + ".yml"), text);

    /// <summary>Changes one text of the recipe; the text must be there.</summary>
    public void Change(string from, string to)
    {
        var before = File.ReadAllText(Path.Combine(Root, "sample", "recipe.yml"));
        var changed = before.Replace(from, to);
        Assert.That(changed, Is.Not.EqualTo(before));
        Write(changed);
    }

    public void Dispose() => Directory.Delete(Root, recursive: true);
}
