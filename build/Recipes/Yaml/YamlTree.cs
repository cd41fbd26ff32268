using System.Text;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Gfxbake.Recipes.Yaml;

/// <summary>Where a value stands, shown as "file:line".</summary>
internal readonly record struct YamlPlace(string File, long Line)
{
    public override string ToString() => $"{File}:{Line}";
}

/// <summary>Nodes of one or more YAML files merged into one tree, with the place that each came from.</summary>
internal sealed class YamlTree
{
    // A recipe is a page of text; these bounds only keep a hostile one from eating the machine.
    private const int LongestFile = 1 << 20;
    private const int Deepest = 64;
    private const int MostMerged = 20_000;

    private readonly List<string> problems = [];

    // By reference: YamlDotNet's nodes are equal when their contents are.
    private readonly Dictionary<YamlNode, YamlPlace> places = new(ReferenceEqualityComparer.Instance);

    private int merged;

    /// <summary>Every problem so far, each as "file:line: what".</summary>
    public IReadOnlyList<string> Problems => problems;

    public void Problem(YamlPlace place, string message) => problems.Add($"{place}: {message}");

    public YamlPlace PlaceOf(YamlNode node) => places[node];

    /// <summary>Reads a file's only document; null when it has problems.</summary>
    public YamlNode? Load(string file, TextReader reader)
    {
        var text = ReadBounded(reader);
        if (text is null)
            return Fail(new YamlPlace(file, 1), $"is longer than {LongestFile} characters");
        var yaml = new YamlStream();
        try
        {
            if (YamlScan.FirstProblem(text) is var (line, message))
                return Fail(new YamlPlace(file, line), message);
            yaml.Load(new StringReader(text));
        }
        catch (YamlException exception)
        {
            return Fail(new YamlPlace(file, exception.Start.Line), $"is no valid YAML: {exception.Message}");
        }
        catch (Exception exception) when (exception is InvalidOperationException or ArgumentException or FormatException)
        {
            // The scanner's own slips on text that is no YAML at all.
            return Fail(new YamlPlace(file, 1), $"is no valid YAML: {exception.Message}");
        }

        if (yaml.Documents.Count != 1)
            return Fail(new YamlPlace(file, 1), "needs exactly one YAML document");
        Place(file, yaml.Documents[0].RootNode);
        return yaml.Documents[0].RootNode;
    }

    /// <summary>The tree that has all of both: blocks of keys are merged, of anything else the stronger one stays.</summary>
    public YamlNode Merge(YamlNode stronger, YamlNode weaker, int depth = 0)
    {
        if (stronger is not YamlMappingNode own || weaker is not YamlMappingNode other || ReferenceEquals(own, other) || depth > Deepest)
            return stronger;
        var result = new YamlMappingNode();
        places[result] = places[own];
        foreach (var (key, value) in own)
            result.Add(key, other.Children.TryGetValue(key, out var theirs) ? Merge(value, theirs, depth + 1) : value);
        foreach (var (key, value) in other)
        {
            if (!own.Children.ContainsKey(key))
                result.Add(key, value);
        }
        // Aliases of aliases on both sides would multiply without end.
        if ((merged += result.Children.Count) > MostMerged)
            throw new RecipeException([$"{places[own]}: more than {MostMerged} values to merge; use fewer aliases"]);
        return result;
    }

    /// <summary>A block of keys without one of them.</summary>
    public YamlNode Without(YamlNode node, string key)
    {
        if (node is not YamlMappingNode map || !map.Children.ContainsKey(key))
            return node;
        var result = new YamlMappingNode(map.Where(child => child.Key is not YamlScalarNode { Value: { } name } || name != key));
        places[result] = places[node];
        return result;
    }

    /// <summary>A block of the same keys with other values, which are asked for with each key.</summary>
    public YamlMappingNode With(YamlMappingNode map, Func<string, YamlNode, YamlNode> value)
    {
        var result = new YamlMappingNode(
            map.Select(child =>
                KeyValuePair.Create(child.Key, child.Key is YamlScalarNode { Value: { } name } ? value(name, child.Value) : child.Value)
            )
        );
        places[result] = places[map];
        return result;
    }

    /// <summary>A list with other values.</summary>
    public YamlSequenceNode With(YamlSequenceNode list, Func<YamlNode, YamlNode> value)
    {
        var result = new YamlSequenceNode(list.Select(value));
        places[result] = places[list];
        return result;
    }

    /// <summary>A block of keys with one more, unless it has it.</summary>
    public YamlMappingNode WithDefault(YamlMappingNode map, string key, string text)
    {
        if (map.Children.ContainsKey(key))
            return map;
        var value = new YamlScalarNode(text);
        places[value] = places[map];
        return (YamlMappingNode)Merge(map, Block(key, value));
    }

    /// <summary>A block with one key.</summary>
    public YamlMappingNode Block(string key, YamlNode value)
    {
        var name = new YamlScalarNode(key);
        var result = new YamlMappingNode(KeyValuePair.Create<YamlNode, YamlNode>(name, value));
        places[name] = places[result] = places[value];
        return result;
    }

    private static string? ReadBounded(TextReader reader)
    {
        var text = new StringBuilder();
        var buffer = new char[8192];
        for (int read; text.Length <= LongestFile && (read = reader.Read(buffer)) > 0; )
            text.Append(buffer, 0, read);
        return text.Length <= LongestFile ? text.ToString() : null;
    }

    private YamlNode? Fail(YamlPlace place, string message)
    {
        Problem(place, message);
        return null;
    }

    private void Place(string file, YamlNode node)
    {
        if (!places.TryAdd(node, new YamlPlace(file, node.Start.Line)))
            return;
        foreach (
            var child in node switch
            {
                YamlMappingNode map => map.SelectMany(pair => new[] { pair.Key, pair.Value }),
                YamlSequenceNode list => list,
                _ => Enumerable.Empty<YamlNode>(),
            }
        )
        {
            Place(file, child);
        }
    }
}
