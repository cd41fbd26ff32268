using Gfxbake.Formats.Files;
using Gfxbake.Recipes.Model;
using Gfxbake.Recipes.Reading;

namespace Gfxbake.Pipeline.Steps;

/// <summary>What a run is about. A step gathers its inputs from it; the work itself never sees it.</summary>
public sealed record Workspace
{
    public required BuildPaths Paths { get; init; }

    public required RecipeBook Book { get; init; }

    public required Recipe Recipe { get; init; }

    public required string VariantName { get; init; }

    /// <summary>The variant's rule for code inside libraries, with the form that the command line asks for.</summary>
    public required OffloadRule Offload { get; init; }

    /// <summary>The libraries that get a stand-in, by name: the variant's, or those that the command line asks for.</summary>
    public IReadOnlyDictionary<string, StandInRule> StandIns { get; init; } = new Dictionary<string, StandInRule>();

    /// <summary>Which kernel files stay: the variant's choice, or that of the command line.</summary>
    public KernelChoice Kernels { get; init; } = KernelChoice.All;

    /// <summary>Eight digits that tell this checkout's images from those of another one.</summary>
    public required string Checkout { get; init; }

    /// <summary>The command that runs a target for this very build.</summary>
    public required Func<string, string> Command { get; init; }

    /// <summary>What to do about a step that has not run.</summary>
    public required Func<string, string> RunFirst { get; init; }

    /// <summary>The commit that last changed what images are made of; null outside of git.</summary>
    public required Lazy<string?> Revision { get; init; }

    /// <summary>What the command line asks for; asking for it checks it.</summary>
    public required Lazy<Asked> Asked { get; init; }

    public Variant Variant => Recipe.Variants[VariantName];

    /// <summary>The recipe's workloads that are for the variant.</summary>
    public IReadOnlyList<Workload> Workloads => Recipe.WorkloadsOf(VariantName);

    /// <summary>What its images are called.</summary>
    public ImageNames Names => new(Recipe.Name, VariantName, Checkout);

    /// <summary>Name of one of this build's images that only this checkout uses.</summary>
    public string Image(string kind) => Names.Own(kind);

    /// <summary>Name by which people find a finished image.</summary>
    public string PublicImage(string kind) => Names.Public(kind);

    /// <summary>Reads what an earlier step wrote.</summary>
    /// <exception cref="StepException">The step has not run: names the target to run.</exception>
    public TRecord Need<TRecord>(string file, string target)
        where TRecord : class =>
        RecordFile.TryRead<TRecord>(file)
        ?? throw new StepException($"{Paths.Show(file)} is missing or of an older form; {RunFirst(target)}");

    /// <summary>Reads a file of the folder docker/.</summary>
    public string Template(string name) => File.ReadAllText(Path.Combine(Paths.Docker, name));
}
