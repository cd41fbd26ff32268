using Gfxbake.Formats.Text;
using Gfxbake.Recipes.Model;

namespace Gfxbake.Pipeline.Outputs.Sizes;

/// <summary>The recipes for whoever chooses one: a line for each with its GPU, and one for each variant with what it costs.</summary>
/// <remarks>A star marks the default variant; sizes are the full image's and the minimal one's.</remarks>
public static class RecipeList
{
    /// <param name="recipes">All recipes.</param>
    /// <param name="history">Sizes of builds that were recorded.</param>
    public static IReadOnlyList<string> Lines(IEnumerable<Recipe> recipes, SizeHistory history) =>
        [.. recipes.SelectMany(r => Lines(r, history))];

    private static IEnumerable<string> Lines(Recipe recipe, SizeHistory history)
    {
        yield return $"{recipe.Name}  {recipe.Gpu}  {PlainText.Visible(recipe.Summary)}";
        var width = recipe.Variants.Keys.Max(v => v.Length);
        foreach (var (name, variant) in recipe.Variants)
        {
            var mark = name == recipe.DefaultVariant ? '*' : ' ';
            var cost = Cost(variant, history.Last(recipe.Name, name));
            yield return $"  {mark} {name.PadRight(width)}  {cost}  {PlainText.Visible(variant.Summary)}";
        }
    }

    private static string Cost(Variant variant, HistoryRow? built)
    {
        var sizes = built is null ? "no build recorded" : $"{SizeText.Of(built.Full)} > {SizeText.Of(built.Minimal)}";
        return $"{(variant.Source is null ? "packages" : "compiled")}, {sizes}".PadRight("packages, 5,839.6 MB > 909.2 MB".Length);
    }
}
