using System.Text.RegularExpressions;
using Gfxbake.Host.Tests.Engine;
using YamlDotNet.RepresentationModel;

namespace Gfxbake.Host.Tests.Workflows;

/// <summary>One file of .github/workflows, as far as the tests ask about it.</summary>
internal sealed class WorkflowFile
{
    private readonly YamlMappingNode root;

    private WorkflowFile(string file, string text)
    {
        (Name, Text) = (Path.GetFileName(file), text);
        var yaml = new YamlStream();
        yaml.Load(new StringReader(text));
        root = (YamlMappingNode)yaml.Documents[0].RootNode;
    }

    public static string Folder => Path.Combine(Checkout.RepositoryRoot, ".github", "workflows");

    public static IReadOnlyList<WorkflowFile> All =>
        [.. Directory.EnumerateFiles(Folder).Order(StringComparer.Ordinal).Select(f => new WorkflowFile(f, File.ReadAllText(f)))];

    public string Name { get; }

    public string Text { get; }

    public YamlNode? this[string key] => Child(root, key);

    public IEnumerable<(string Name, YamlMappingNode Job)> Jobs => Pairs(this["jobs"]).Select(p => (p.Key, (YamlMappingNode)p.Value));

    public IEnumerable<YamlMappingNode> Steps =>
        Jobs.SelectMany(j => (Child(j.Job, "steps") as YamlSequenceNode ?? []).OfType<YamlMappingNode>());

    /// <summary>The scripts of all steps.</summary>
    public IEnumerable<string> Scripts => Steps.Select(s => Child(s, "run")).OfType<YamlScalarNode>().Select(s => s.Value!);

    /// <summary>What all steps and jobs use: "owner/name@commit" or "./path".</summary>
    public IEnumerable<string> Uses =>
        Steps.Concat(Jobs.Select(j => j.Job)).Select(n => Child(n, "uses")).OfType<YamlScalarNode>().Select(s => s.Value!);

    /// <summary>The words of each call of ./build.sh in a script.</summary>
    public static IEnumerable<string[]> BuildCalls(string script) =>
        script
            .ReplaceLineEndings("\n")
            .Replace("\\\n", " ")
            .Split('\n', ';', '|', '&')
            .Where(l => l.Contains("./build.sh", StringComparison.Ordinal))
            .Select(l => Regex.Split(l[l.IndexOf("./build.sh", StringComparison.Ordinal)..].Trim(), " +")[1..]);

    public static YamlNode? Child(YamlNode? node, string key) =>
        node is YamlMappingNode map && map.Children.TryGetValue(key, out var child) ? child : null;

    public static IEnumerable<(string Key, YamlNode Value)> Pairs(YamlNode? node) =>
        (node as YamlMappingNode ?? []).Select(p => (((YamlScalarNode)p.Key).Value!, p.Value));

    public override string ToString() => Name;
}
