using Gfxbake.Formats.Images;
using Gfxbake.Formats.Packages;
using Gfxbake.Formats.Strace;
using Gfxbake.Recipes.Model;

namespace Gfxbake.Pipeline.Plan.Pruning;

/// <summary>Everything that a plan depends on.</summary>
public sealed record PruneInput
{
    public required ImageFileSystem Image { get; init; }

    public required IReadOnlyList<TracedPath> Traced { get; init; }

    /// <summary>The GPUs whose code is looked up, for instance "gfx1100"; with an override, the overridden name.</summary>
    public required IReadOnlyList<string> CodeTargets { get; init; }

    public IReadOnlyList<KeepRule> KeepRules { get; init; } = [];

    public IReadOnlyList<DropRule> DropRules { get; init; } = [];

    /// <summary>Libraries that are to be there by name only.</summary>
    public IReadOnlyDictionary<string, StandInRule> StandIns { get; init; } = new Dictionary<string, StandInRule>();

    /// <summary>Those of them that answer, as they were made.</summary>
    public IReadOnlyDictionary<string, MadeStandIn> Answers { get; init; } = new Dictionary<string, MadeStandIn>();

    public IReadOnlyList<KernelRule> KernelRules { get; init; } = [];

    /// <summary>What to do with code for other GPUs inside kept libraries.</summary>
    public OffloadRule Offload { get; init; } = new();

    /// <summary>The image's environment; LD_LIBRARY_PATH and PATH count.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>Whose files those of the image are, so that the licences of packages that stay do too; null keeps none.</summary>
    public PackageDatabase? Packages { get; init; }

    /// <summary>
    /// Absolute paths at which something is mounted or made at run time: what lies below is left out, whoever asks for it.
    /// </summary>
    public IReadOnlyList<string> ExcludedDestinations { get; init; } = ["/dev", "/proc", "/run", "/sys", "/tmp"];
}
