using YamlDotNet.RepresentationModel;

namespace Gfxbake.Recipes.Yaml;

/// <summary>
/// Puts the sources that a recipe lists once into the variants that name them: "source: NAME", "source: {from: NAME, …}", and the same
/// in a list "sources".
/// </summary>
internal sealed class RecipeSources(YamlTree tree)
{
    private const string List = "sources";
    private const string From = "from";

    private YamlMappingNode? sources;

    /// <summary>The recipe whose variants have whole sources; a variant's keys win, blocks of keys are merged as with "include".</summary>
    public YamlNode Resolve(YamlNode recipe)
    {
        if (recipe is not YamlMappingNode map)
            return recipe;
        // What it is called need not be said twice.
        if (map.Children.TryGetValue(List, out var list) && list is YamlMappingNode listed)
            sources = tree.With(listed, (name, code) => code is YamlMappingNode block ? tree.WithDefault(block, "name", name) : code);
        return tree.With(
            map,
            (key, value) =>
                key == List ? sources ?? value
                : key == "variants" && value is YamlMappingNode variants ? tree.With(variants, (_, variant) => OfVariant(variant))
                : value
        );
    }

    private YamlNode OfVariant(YamlNode variant) =>
        variant is YamlMappingNode block
            ? tree.With(
                block,
                (key, value) =>
                    key == "source" ? Whole(value)
                    : key == List && value is YamlSequenceNode several ? tree.With(several, Whole)
                    : value
            )
            : variant;

    private YamlNode Whole(YamlNode named)
    {
        var block = named is YamlScalarNode ? tree.Block(From, named) : named as YamlMappingNode;
        if (block is null || !block.Children.TryGetValue(From, out var from))
            return named;
        if (from is YamlScalarNode { Value: { } name } && sources is not null && sources.Children.TryGetValue(name, out var code))
            return tree.Merge(block, code);
        var known = sources is null ? "none" : string.Join(", ", sources.Children.Keys);
        tree.Problem(tree.PlaceOf(from), $"unknown source '{from}'; known: {known} (the recipe's '{List}')");
        return named;
    }
}
