namespace Gfxbake.Recipes.Model;

/// <summary>A recipe: everything that one runtime for one GPU consists of, as data (recipes/&lt;name&gt;/recipe.yml).</summary>
public sealed record Recipe
{
    /// <summary>The folder's name; becomes the image's name.</summary>
    public required string Name { get; init; }

    public required string Summary { get; init; }

    /// <summary>Files recipes/_shared/NAME.yml whose keys are the recipe's too, unless it has them itself.</summary>
    public IReadOnlyList<string> Include { get; init; } = [];

    /// <summary>Where the packaged program comes from: the OCI label org.opencontainers.image.source.</summary>
    public required string Source { get; init; }

    /// <summary>SPDX expression of the packaged program.</summary>
    public required string License { get; init; }

    /// <summary>The GPU that the image is for, a key of recipes/_shared/gpus.yml.</summary>
    public required string Gpu { get; init; }

    public required string DefaultVariant { get; init; }

    /// <summary>Code that variants compile, by name: what several have in common stands once.</summary>
    public IReadOnlyDictionary<string, SourceCode> Sources { get; init; } = new Dictionary<string, SourceCode>();

    public required IReadOnlyDictionary<string, Variant> Variants { get; init; }

    /// <summary>What StageRocm unpacks on the machine that it runs on; left out, it has nothing to unpack.</summary>
    public StageRule? Stage { get; init; }

    /// <summary>What BuildOllama compiles on the machine that it runs on; left out, it compiles nothing.</summary>
    public CompileRule? Compile { get; init; }

    public required ImageMetadata Image { get; init; }

    /// <summary>
    /// Which paths go into which layer of the minimal image, lowest layer first; what no pattern names goes into the first.
    /// </summary>
    public required IReadOnlyList<LayerRule> Layers { get; init; }

    /// <summary>What stays although no workload touches it.</summary>
    public IReadOnlyList<KeepRule> Keep { get; init; } = [];

    /// <summary>Libraries that nobody loads although their name stands in a program's data.</summary>
    public IReadOnlyList<DropRule> Drop { get; init; } = [];

    /// <summary>Models that gfxbake writes itself and mounts at /models.</summary>
    public IReadOnlyList<TestModel> Models { get; init; } = [];

    /// <summary>Small files of the repository that workloads read, mounted beside the models.</summary>
    public IReadOnlyList<TestFile> TestFiles { get; init; } = [];

    public required IReadOnlyList<Workload> Workloads { get; init; }

    /// <summary>How its programs are started with a model; left out, nothing is said of it.</summary>
    public RunRule? Run { get; init; }

    /// <summary>How the image becomes a package of a distribution; left out, it does not.</summary>
    public PackageRecipe? Packages { get; init; }
}

public sealed record LayerRule
{
    public required string Name { get; init; }

    public IReadOnlyList<string> Paths { get; init; } = [];
}
