using Gfxbake.Core.Sizes;

namespace Gfxbake.Core.Recipes;

/// <summary>The recipes for whoever chooses one: a line for each, and one for each of its variants.</summary>
public static class RecipeList
{
    /// <param name="recipes">All recipes.</param>
    /// <param name="history">Sizes of builds that were recorded.</param>
    public static IReadOnlyList<string> Lines(IEnumerable<Recipe> recipes, SizeHistory history) => [.. recipes.SelectMany(r => Lines(r, history))];

    private static IEnumerable<string> Lines(Recipe recipe, SizeHistory history)
    {
        var width = recipe.Variants.Keys.Max(v => v.Length);
        return recipe.Variants.Select(v => $"  {v.Key.PadRight(width)}  {Text(v.Value.Summary)}; {Cost(v.Value, history.Last(recipe.Name, v.Key))}{(v.Key == recipe.DefaultVariant ? " (default)" : "")}")
            .Prepend($"{recipe.Name}  {Text(recipe.Summary)}; GPU {recipe.Gpu}");
    }

    private static string Cost(Variant variant, HistoryRow? built)
    {
        var how = variant.Source is null ? "from packages" : "compiled";
        return built is null ? $"{how}, no build recorded" : $"{how}, {SizeWords.Of(built.Full)} full, {SizeWords.Of(built.Minimal)} minimal";
    }

    private static string Text(string text) => SizeWords.Visible(text);
}
