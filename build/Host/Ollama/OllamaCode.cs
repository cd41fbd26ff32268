using Cake.Common;
using Cake.Common.Diagnostics;
using Cake.Core;
using Gfxbake.Host.Tools;
using Gfxbake.Pipeline.Building;
using Gfxbake.Recipes.Model;
using Gfxbake.Recipes.Shared;

namespace Gfxbake.Host.Ollama;

/// <summary>The code that is compiled: folders of the command line, or what the recipe pins.</summary>
/// <param name="context">The build.</param>
/// <param name="rule">Which sources there are.</param>
internal sealed class OllamaCode(BuildContext context, CompileRule rule)
{
    private const string Unnamed = "0.0.0";

    private readonly Dictionary<string, string> given = Given(context, rule);

    private readonly Dictionary<string, SourceTree> trees = new(StringComparer.Ordinal);

    /// <summary>The program's own.</summary>
    public SourceTree Program => trees[rule.Sources[0]];

    /// <summary>All that will be compiled, by name.</summary>
    public IReadOnlyDictionary<string, SourceTree> Trees => trees;

    /// <summary>What the program says of itself: the tag without its letter, or where it comes from.</summary>
    public string Version =>
        Program.Version is "local" ? Unnamed
        : Program.Version.StartsWith('v') ? Program.Version[1..]
        : Program.Commit is null ? $"{Unnamed}-{Program.Version}"
        : Program.Version;

    /// <summary>Looks for the program's code.</summary>
    /// <exception cref="CakeException">It is not there.</exception>
    public void Open()
    {
        var name = rule.Sources[0];
        trees[name] = Tree(name);
        foreach (var other in given.Keys.Where(k => k != name))
            trees[other] = Tree(other);
    }

    /// <summary>What CMake would fetch by itself: the recipe's pin, where the source wants just that.</summary>
    public void OpenFetched(OllamaPlanner planner, BuildForm form)
    {
        foreach (var (name, code) in form.Fetched)
        {
            var pin = planner.Pin(code);
            if (trees.ContainsKey(name))
                context.Information("  {0} is the folder that was given; this Ollama wants {1}", name, pin ?? "any");
            else if (context.Recipe.Sources.TryGetValue(name, out var source) && source.Tag == pin)
                trees[name] = SourceTree.Fetched(context, source);
            else
                context.Information("  {0} {1} is fetched by CMake; --{2}={0}=DIR takes a folder", name, pin ?? "", Arguments.Source);
        }

        foreach (var name in trees.Keys.Where(n => n != rule.Sources[0] && !form.Fetched.ContainsKey(n)).ToList())
        {
            context.Information("  {0} is not used: this Ollama has it inside", name);
            trees.Remove(name);
        }
    }

    private SourceTree Tree(string name) =>
        given.TryGetValue(name, out var folder)
            ? SourceTree.Local(context, folder)
            : SourceTree.Fetched(context, context.Recipe.Sources[name]);

    /// <exception cref="CakeException">--source names no folder, or one source twice.</exception>
    private static Dictionary<string, string> Given(BuildContext context, CompileRule rule)
    {
        var found = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var argument in context.HasArgument(Arguments.Source) ? context.Arguments.GetArguments(Arguments.Source) : [])
        {
            var named = rule.Sources.FirstOrDefault(s => argument.StartsWith(s + "=", StringComparison.Ordinal));
            var folder = context.FromCaller(named is null ? argument : argument[(named.Length + 1)..]);
            if (!Directory.Exists(folder))
            {
                throw new CakeException(
                    $"--{Arguments.Source}={argument}: there is no folder {folder}; NAME=DIR can name {string.Join(", ", rule.Sources)}, "
                        + $"{OllamaBuilder.Example}"
                );
            }

            if (!found.TryAdd(named ?? rule.Sources[0], folder))
                throw new CakeException($"--{Arguments.Source} names a folder of {named ?? rule.Sources[0]} twice");
        }

        return found;
    }
}
