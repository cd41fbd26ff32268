using System.Text.RegularExpressions;
using YamlDotNet.RepresentationModel;

namespace Gfxbake.Recipes.Yaml;

/// <summary>Adds to a recipe what the files that it includes say (recipes/_shared/NAME.yml).</summary>
internal sealed partial class RecipeIncludes(YamlTree tree, string root)
{
    /// <summary>The key that names the files, in a recipe and in an included file.</summary>
    private const string Key = "include";

    // Bounds for a hostile recipe; one that people can follow needs two or three.
    private const int Deepest = 4;
    private const int Most = 16;

    // Each file once, however many ways lead to it.
    private readonly Dictionary<string, YamlNode?> finished = new(StringComparer.Ordinal);

    /// <summary>The recipe with its included files merged in: its own values win, then those of the file that is named later.</summary>
    public YamlNode Resolve(YamlNode recipe) => Resolve(recipe, []);

    private YamlNode Resolve(YamlNode node, IReadOnlyList<string> route)
    {
        if (node is not YamlMappingNode map || !map.Children.TryGetValue(Key, out var named))
            return node;
        if (named is not YamlSequenceNode list)
            return Fail(named, $"'{Key}' must be a list") ?? node;
        foreach (var name in list.Reverse())
        {
            if (Open(name, route) is { } shared)
                node = tree.Merge(node, tree.Without(shared, Key));
        }

        return node;
    }

    private YamlNode? Open(YamlNode named, IReadOnlyList<string> route)
    {
        var name = (named as YamlScalarNode)?.Value ?? "";
        var file = Path.Combine(root, "_shared", name + ".yml");
        // The pattern has neither slash nor dot; a link could still lead anywhere.
        if (!Name().IsMatch(name) || !File.Exists(file) || new FileInfo(file).LinkTarget is not null)
            return Fail(named, $"unknown include '{name}'; known: {string.Join(", ", Known())} (recipes/_shared/*.yml)");
        if (route.Contains(name, StringComparer.Ordinal))
            return Fail(named, $"'{name}' includes itself: {string.Join(" -> ", [.. route, name])}");
        if (route.Count == Deepest)
            return Fail(named, $"'{name}' is included over more than {Deepest} files: {string.Join(" -> ", route)}");
        if (finished.TryGetValue(name, out var known))
            return known;
        if (finished.Count == Most)
            return Fail(named, $"'{name}' is one include too many; at most {Most} files");
        using var reader = File.OpenText(file);
        var node = tree.Load($"recipes/_shared/{name}.yml", reader);
        if (node is not (null or YamlMappingNode))
            node = Fail(node, "must be a block of keys");
        return finished[name] = node is null ? null : Resolve(node, [.. route, name]);
    }

    private IEnumerable<string> Known() =>
        Directory
            .EnumerateFiles(Path.Combine(root, "_shared"), "*.yml")
            .Select(f => Path.GetFileNameWithoutExtension(f))
            .Order(StringComparer.Ordinal);

    private YamlNode? Fail(YamlNode node, string message)
    {
        tree.Problem(tree.PlaceOf(node), message);
        return null;
    }

    [GeneratedRegex("^[a-z0-9][a-z0-9-]{0,62}$")]
    private static partial Regex Name();
}
