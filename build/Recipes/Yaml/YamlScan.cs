using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Gfxbake.Recipes.Yaml;

/// <summary>Looks over a YAML text before it is loaded, for what the loader would not survive.</summary>
internal static class YamlScan
{
    private const int Deepest = 64;

    /// <summary>The first thing that must not be loaded, with its line; null when there is none.</summary>
    /// <exception cref="YamlException">It is no valid YAML.</exception>
    public static (long Line, string Message)? FirstProblem(string text)
    {
        var parser = new Parser(new StringReader(text));
        // For each open collection: whether its next child is a key.
        var open = new Stack<bool?>();
        while (parser.MoveNext())
        {
            var here = parser.Current!;
            var isNode = here is Scalar or AnchorAlias or MappingStart or SequenceStart;
            if (isNode && open.TryPop(out var key))
            {
                // Keys are compared by their contents, which takes for ever when they are aliases of aliases.
                if (key == true && here is not Scalar)
                    return (here.Start.Line, "a key must be a plain word");
                open.Push(!key);
            }

            if (here is MappingStart)
                open.Push(true);
            if (here is SequenceStart)
                open.Push(null);
            if (here is MappingEnd or SequenceEnd)
                open.Pop();
            // The parser does not recurse, the loader does until the stack is used up.
            if (open.Count > Deepest)
                return (here.Start.Line, "is nested too deeply");
        }

        return null;
    }
}
