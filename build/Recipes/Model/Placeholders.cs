namespace Gfxbake.Recipes.Model;

/// <summary>Words in braces that stand for what differs between recipes and variants, so that both can share the rest.</summary>
public static class Placeholders
{
    public static string Fill(string text, Recipe recipe, Variant variant)
    {
        var filled = text.Replace("{gpu}", recipe.Gpu, StringComparison.Ordinal)
            .Replace("{code_target}", variant.CodeTarget, StringComparison.Ordinal);
        return variant.Source is { } source
            ? filled.Replace("{tag}", source.Tag, StringComparison.Ordinal).Replace("{commit}", source.Commit, StringComparison.Ordinal)
            : filled;
    }

    public static IReadOnlyList<string> Fill(IReadOnlyList<string> texts, Recipe recipe, Variant variant) =>
        [.. texts.Select(t => Fill(t, recipe, variant))];
}
