using System.Collections.Concurrent;
using Gfxbake.Pipeline.Run;
using Gfxbake.Recipes.Reading;
using Gfxbake.Recipes.Shared;
using YamlDotNet.Serialization;
using YamlDotNet.Serialization.NamingConventions;

namespace Gfxbake.Unit.Tests.Pipeline.Run;

/// <summary>The made-up machines of tests/fixtures/doctor/trees.yml.</summary>
internal sealed class MachineTrees
{
    public required MachineTree Base { get; init; }

    public required Dictionary<string, MachineTree> Trees { get; init; }

    private static readonly ConcurrentDictionary<string, GivenFacts> Recipes = new();

    public static RecipeBook Book { get; } = RecipeBook.Open(Path.Combine(RepositoryRoot.Path, "recipes"));

    public static MachineTrees Read()
    {
        var text = File.ReadAllText(Path.Combine(RepositoryRoot.Path, "tests", "fixtures", "doctor", "trees.yml"));
        return new DeserializerBuilder()
            .WithNamingConvention(UnderscoredNamingConvention.Instance)
            .WithEnforceRequiredMembers()
            .Build()
            .Deserialize<MachineTrees>(text);
    }

    public static GivenFacts OfRecipe(string recipe, string variant) =>
        Recipes.GetOrAdd($"{recipe} {variant}", _ => GivenFacts.Of(Book.Read(recipe), variant, Book.Hosts, Book.Gpus, Book.Devices));

    /// <summary>Writes the base and what a tree changes into a folder.</summary>
    public HostTree Write(MachineTree tree, string root)
    {
        Base.WriteFiles(root);
        foreach (var path in tree.Remove.Concat(tree.Links.Keys).Select(p => Path.Combine(root, p)))
        {
            // A link is taken out itself, not what it points to.
            if (Directory.Exists(path) && new FileInfo(path).LinkTarget is null)
                Directory.Delete(path, recursive: true);
            else if (Path.Exists(path))
                File.Delete(path);
        }

        tree.WriteFiles(root);
        return new HostTree(
            root,
            f => !tree.Closed.Contains(Path.GetRelativePath(root, f)),
            free: f => tree.Free.TryGetValue(Path.GetRelativePath(root, f), out var bytes) ? bytes : null
        );
    }
}

/// <summary>One made-up machine, as far as it differs from the base.</summary>
internal sealed class MachineTree
{
    public string Recipe { get; init; } = "llama-cpp-gfx1151";

    public string Variant { get; init; } = "debian";

    public Dictionary<string, string> Files { get; init; } = [];

    public Dictionary<string, string> Links { get; init; } = [];

    public List<string> Remove { get; init; } = [];

    public List<string> Closed { get; init; } = [];

    public Dictionary<string, long> Free { get; init; } = [];

    public Dictionary<string, List<string>> Given { get; init; } = [];

    public Dictionary<string, string> Variables { get; init; } = [];

    public Dictionary<string, FindingLevel> Finds { get; init; } = [];

    public List<string> Says { get; init; } = [];

    public List<string> Boot { get; init; } = [];

    public void WriteFiles(string root)
    {
        foreach (var (path, text) in Files)
        {
            var file = Path.Combine(root, path);
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            if (!path.EndsWith('/'))
                File.WriteAllText(file, text);
        }

        foreach (var (path, target) in Links)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(root, path))!);
            File.CreateSymbolicLink(Path.Combine(root, path), target);
        }
    }

    /// <summary>What the recipe says, with what the tree says instead.</summary>
    public GivenFacts Facts()
    {
        var given = MachineTrees.OfRecipe(Recipe, Variant);
        var values = new Dictionary<string, IReadOnlyList<string>>(given.Values);
        foreach (var (name, changed) in Given)
            values[name] = changed;
        var variables = new Dictionary<string, string>(given.Variables);
        foreach (var (name, changed) in Variables)
            variables[name] = changed;
        return new GivenFacts(values, variables);
    }
}
