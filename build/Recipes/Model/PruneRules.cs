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
public sealed record KernelRule(string Library, IReadOnlyList<string> Files);
