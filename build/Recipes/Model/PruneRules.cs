namespace Gfxbake.Recipes.Model;

/// <summary>A recipe's wish to keep what no trace shows.</summary>
/// <param name="Path">A PathGlob; "/dir/**" means the directory with everything below it.</param>
/// <param name="Why">One sentence for the person who reads the plan.</param>
/// <param name="Optional">Whether it is no problem when the image has nothing of that name.</param>
public sealed record KeepRule(string Path, string Why, bool Optional = false);

/// <summary>
/// A recipe's word that a library is not loaded though a name in some program's data looks like it; traced and needed files stay.
/// </summary>
/// <param name="Path">A PathGlob.</param>
/// <param name="Why">One sentence for the person who reads the plan.</param>
/// <param name="Optional">Whether it is no problem when it takes nothing away.</param>
public sealed record DropRule(string Path, string Why, bool Optional = false);

/// <summary>Where a library keeps its GPU kernels, which are chosen by GPU and not by trace.</summary>
/// <param name="Library">A glob over file names, for instance "librocblas.so.*"; the rule counts once such a file is kept.</param>
/// <param name="Files">PathGlobs of the kernel files.</param>
/// <param name="Types">How to tell for which types of numbers kernels are asked for; null where nobody knows.</param>
public sealed record KernelRule(string Library, IReadOnlyList<string> Files, KernelTypes? Types = null);

/// <summary>Which kernels of a library programs can ask for, read from the calls in their machine code.</summary>
public sealed record KernelTypes
{
    /// <summary>Why the types of its calls are all there is to it: one sentence for the person who reads the plan.</summary>
    public required string Why { get; init; }

    /// <summary>Globs over names of functions: whoever imports one of them asks for kernels, or may.</summary>
    public required IReadOnlyList<string> Functions { get; init; }

    /// <summary>Globs over file names of libraries that only hand on what others ask.</summary>
    public required IReadOnlyList<string> Through { get; init; }

    /// <summary>What each function asks for. One that is not here, or whose types are no numbers in the code, fails the plan.</summary>
    public required IReadOnlyList<KernelCall> Calls { get; init; }

    /// <summary>The types in names of files by the number that stands for them in calls.</summary>
    public required IReadOnlyDictionary<string, IReadOnlyList<string>> Values { get; init; }

    /// <summary>A glob over names of kernel files, with {type} where the type stands.</summary>
    public required IReadOnlyList<string> Files { get; init; }
}

/// <summary>What functions ask for.</summary>
/// <param name="Functions">Globs over their names.</param>
/// <param name="Arguments">Numbers of the arguments that are types, the first one is 1; those before the seventh can't be read.</param>
/// <param name="Types">Or the numbers that stand for the types themselves; none: the functions ask for no kernel.</param>
public sealed record KernelCall(IReadOnlyList<string> Functions, IReadOnlyList<int>? Arguments = null, IReadOnlyList<string>? Types = null);
