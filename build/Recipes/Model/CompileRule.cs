namespace Gfxbake.Recipes.Model;

/// <summary>What BuildOllama compiles on the machine, and for which GPU.</summary>
public sealed record CompileRule
{
    /// <summary>The GPU whose code is compiled, unless --gpu says another.</summary>
    public required string CodeTarget { get; init; }

    /// <summary>Names in the recipe's sources, the program's first.</summary>
    public required IReadOnlyList<string> Sources { get; init; }

    /// <summary>CMake's -D options, over those of the preset; an image's, in the source, are for one build of everything.</summary>
    public IReadOnlyDictionary<string, string> Cmake { get; init; } = new Dictionary<string, string>();
}
