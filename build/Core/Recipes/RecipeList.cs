using Gfxbake.Core.Sizes;

namespace Gfxbake.Core.Recipes;

/// <summary>The recipes for whoever chooses one: a line for each with its GPU, and one for each variant with what it costs.</summary>
/// <remarks>A star marks the default variant; sizes are the full image's, which is built, and the minimal one's, which is the result.</remarks>
public static class RecipeList
{
    /// <param name="recipes">All recipes.</param>
    /// <param name="history">Sizes of builds that were recorded.</param>
    public static IReadOnlyList<string> Lines(IEnumerable<Recipe> recipes, SizeHistory history) => [.. recipes.SelectMany(r => Lines(r, history))];

    private static IEnumerable<string> Lines(Recipe recipe, SizeHistory history)
    {
        var width = recipe.Variants.Keys.Max(v => v.Length);
        return recipe.Variants.Select(v => $"  {(v.Key == recipe.DefaultVariant ? '*' : ' ')} {v.Key.PadRight(width)}  {Cost(v.Value, history.Last(recipe.Name, v.Key))}  {SizeWords.Visible(v.Value.Summary)}")
            .Prepend($"{recipe.Name}  {recipe.Gpu}  {SizeWords.Visible(recipe.Summary)}");
    }

    private static string Cost(Variant variant, HistoryRow? built)
    {
        var sizes = built is null ? "no build recorded" : $"{SizeWords.Of(built.Full)} > {SizeWords.Of(built.Minimal)}";
        return $"{(variant.Source is null ? "packages" : "compiled")}, {sizes}".PadRight("packages, 5,839.6 MB > 909.2 MB".Length);
    }
}
