using System.Text;
using Gfxbake.Recipes.Yaml;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Gfxbake.Recipes.Pins;

/// <summary>One value of a recipe file that is to become another.</summary>
/// <param name="Key">Names from the top of the file to the value.</param>
/// <param name="New">Plain characters only: no quotes, spaces or YAML signs.</param>
public sealed record PinEdit(IReadOnlyList<string> Key, string New);

/// <summary>A recipe file whose values can be exchanged where they stand; comments, quotes and order stay as they are.</summary>
public sealed class PinFile
{
    private readonly YamlNode root;

    private PinFile(string name, string text, YamlNode root) => (Name, Text, this.root) = (name, text, root);

    public string Name { get; }

    public string Text { get; }

    /// <param name="name">For messages.</param>
    /// <param name="text">A YAML document.</param>
    /// <exception cref="RecipeException">It is no YAML.</exception>
    public static PinFile Parse(string name, string text)
    {
        var yaml = new YamlStream();
        try
        {
            yaml.Load(new StringReader(text));
        }
        catch (YamlException exception)
        {
            throw new RecipeException([$"{name}:{exception.Start.Line}: is no valid YAML: {exception.Message}"]);
        }

        return yaml.Documents.Count == 1
            ? new PinFile(name, text, yaml.Documents[0].RootNode)
            : throw new RecipeException([$"{name}:1: needs exactly one YAML document"]);
    }

    /// <summary>The text of a value; null when there is none.</summary>
    public string? Read(IReadOnlyList<string> key) => Find(key)?.Value;

    /// <summary>The line that a value stands in, from 1.</summary>
    public long LineOf(IReadOnlyList<string> key) => Find(key)?.Start.Line ?? 1;

    /// <summary>The file's text with the values exchanged.</summary>
    /// <exception cref="RecipeException">A value is missing or written in a way that can't be exchanged.</exception>
    public string With(IReadOnlyList<PinEdit> edits)
    {
        var text = new StringBuilder(Text);
        var places = edits.Select(e => (Edit: e, Place: Place(e.Key))).OrderByDescending(p => p.Place.Start).ToList();
        foreach (var (edit, (start, length)) in places)
            text.Remove(start, length).Insert(start, edit.New);
        var result = text.ToString();
        // Read again: what was written must be what is read, and nothing else may have changed.
        var changed = Parse(Name, result);
        foreach (var edit in edits.Where(e => changed.Read(e.Key) != e.New))
        {
            throw new RecipeException([
                $"{Name}:{LineOf(edit.Key)}: '{string.Join('.', edit.Key)}' can't be exchanged in place; "
                    + "write it as a plain value of its own",
            ]);
        }

        return result;
    }

    private (int Start, int Length) Place(IReadOnlyList<string> key)
    {
        var node = Find(key) ?? throw new RecipeException([$"{Name}:1: there is no '{string.Join('.', key)}'"]);
        var value = node.Value!;
        var (start, end) = ((int)node.Start.Index, (int)node.End.Index);
        // A value's place may begin with an anchor and end with space; quotes stay, since only what is between them is exchanged.
        var at =
            node.Style is ScalarStyle.Plain or ScalarStyle.SingleQuoted or ScalarStyle.DoubleQuoted
            && value.Length > 0
            && end <= Text.Length
                ? Text.LastIndexOf(value, end - 1, end - start, StringComparison.Ordinal)
                : -1;
        return at >= 0
            ? (at, value.Length)
            : throw new RecipeException([
                $"{Name}:{node.Start.Line}: '{string.Join('.', key)}' is written in a form that can't be exchanged in place; "
                    + "write it on one line",
            ]);
    }

    private YamlScalarNode? Find(IReadOnlyList<string> key)
    {
        var node = root;
        foreach (var name in key)
        {
            if (node is not YamlMappingNode map || !map.Children.TryGetValue(new YamlScalarNode(name), out var child))
                return null;
            node = child;
        }

        return node as YamlScalarNode;
    }
}
