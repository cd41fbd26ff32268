using Gfxbake.Core.Images;
using Gfxbake.Core.Traces;

namespace Gfxbake.Core.Pruning;

/// <summary>A recipe's wish to keep what no trace shows.</summary>
/// <param name="Path">A PathGlob; "/dir/**" means the directory with everything below it.</param>
/// <param name="Why">One sentence for the person who reads the plan.</param>
/// <param name="Optional">Whether it is no problem when the image has nothing of that name.</param>
public sealed record KeepRule(string Path, string Why, bool Optional = false);

/// <summary>A recipe's word that a library is not loaded though a name in some program's data looks like it; traced and needed files stay.</summary>
/// <param name="Path">A PathGlob.</param>
/// <param name="Why">One sentence for the person who reads the plan.</param>
/// <param name="Optional">Whether it is no problem when it takes nothing away.</param>
public sealed record DropRule(string Path, string Why, bool Optional = false);

/// <summary>Where a library keeps its GPU kernels, which are chosen by GPU and not by trace.</summary>
/// <param name="Library">A glob over file names, for instance "librocblas.so.*"; the rule counts once such a file is kept.</param>
/// <param name="Files">PathGlobs of the kernel files.</param>
public sealed record KernelRule(string Library, IReadOnlyList<string> Files);

/// <summary>Everything that a plan depends on.</summary>
public sealed record PruneInput
{
    public required ImageFileSystem Image { get; init; }

    public required IReadOnlyList<TracedPath> Traced { get; init; }

    /// <summary>The GPUs whose code is looked up, for instance "gfx1100"; with an override, the overridden name.</summary>
    public required IReadOnlyList<string> CodeTargets { get; init; }

    public IReadOnlyList<KeepRule> KeepRules { get; init; } = [];

    public IReadOnlyList<DropRule> DropRules { get; init; } = [];

    public IReadOnlyList<KernelRule> KernelRules { get; init; } = [];

    /// <summary>What to do with code for other GPUs inside kept libraries.</summary>
    public OffloadRule Offload { get; init; } = new();

    /// <summary>The image's environment; LD_LIBRARY_PATH and PATH count.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>Whose files those of the image are, so that the licences of packages that stay do too; null keeps none.</summary>
    public PackageOwners? Owners { get; init; }

    /// <summary>Absolute paths at which something is mounted or made at run time: what lies below is left out, whoever asks for it.</summary>
    public IReadOnlyList<string> ExcludedDestinations { get; init; } = ["/dev", "/proc", "/run", "/sys", "/tmp"];
}
