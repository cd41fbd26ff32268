using Gfxbake.Pipeline.Base;
using Gfxbake.Pipeline.Steps;
using Gfxbake.Recipes.Model;
using Gfxbake.Recipes.Shared;

namespace Gfxbake.Pipeline.Full;

/// <summary>What the full image depends on.</summary>
public sealed record FullInput
{
    [Input("base image")]
    public required string BaseImage { get; init; }

    /// <summary>Everything that its context holds and how it is compiled, by names for people.</summary>
    [Inputs]
    public required Dictionary<string, string> Content { get; init; }

    [Input("ROCr")]
    public required ShippedRocr? Rocr { get; init; }

    [Input("gpu")]
    public required string Gpu { get; init; }

    /// <summary>What the GPU needs of a ROCr.</summary>
    [Input("rule of recipes/_shared/hosts.yml")]
    public required RocrRule? Rule { get; init; }

    [Input("version of")]
    public required string? VersionOf { get; init; }

    [Place]
    public required HostFacts Hosts { get; init; }

    /// <summary>File name by which programs load ROCr.</summary>
    [Input("library of recipes/_shared/hosts.yml")]
    public string RocrLibrary => Hosts.Library;

    /// <summary>What <see cref="Content"/> has the digests of.</summary>
    [Place]
    public required FullFolder Folder { get; init; }

    [Place]
    public required FullPlaces Places { get; init; }

    /// <param name="workspace">The build.</param>
    /// <param name="sources">Looks at local checkouts; nothing is fetched.</param>
    public static FullInput Of(Workspace workspace, ISources sources)
    {
        var (recipe, hosts, places) = (workspace.Recipe, workspace.Book.Hosts, FullPlaces.Of(workspace));
        var folder = FullFolder.Of(workspace, sources);
        return new()
        {
            BaseImage = places.Base.Id,
            Content = folder.Inputs().ToDictionary(),
            Rocr = workspace.Variant.Rocr,
            Gpu = recipe.Gpu,
            Rule = hosts.RuleOf(recipe.Gpu),
            VersionOf = workspace.Variant.VersionOf,
            Hosts = hosts,
            Folder = folder,
            Places = places,
        };
    }
}

/// <summary>Where the full image's parts lie, and what the command line asks for.</summary>
public sealed record FullPlaces
{
    public required BuildPaths Paths { get; init; }

    public required FullFiles Files { get; init; }

    public required ImageNames Names { get; init; }

    public required BuiltBase Base { get; init; }

    /// <summary>Compilers at a time; empty: one for each processor.</summary>
    public required string Jobs { get; init; }

    /// <summary>The package that the variant compiles; null when it compiles nothing.</summary>
    public required string? Compiled { get; init; }

    /// <summary>The command that takes newer versions into the lock.</summary>
    public required string Newer { get; init; }

    /// <summary>Where the recipe says which ROCr it ships, and which package has the version.</summary>
    public required (string Rocr, string Version) RecipeFiles { get; init; }

    public required bool Refresh { get; init; }

    public required bool UpdateLock { get; init; }

    public static FullPlaces Of(Workspace workspace)
    {
        var (recipe, asked) = (workspace.Recipe, workspace.Asked.Value);
        var file = workspace.Book.FileOf(recipe.Name, $"variants.{workspace.VariantName}.rocr.version");
        return new()
        {
            Paths = workspace.Paths,
            Files = FullFiles.Of(workspace),
            Names = workspace.Names,
            Base = BuiltBase.Of(workspace),
            Jobs = asked.Jobs,
            Compiled = workspace.Variant.Source?.Name,
            Newer = LockedVersions.Newer(workspace.Command),
            RecipeFiles = ($"variant {workspace.VariantName} in {file}", $"recipes/{recipe.Name}/recipe.yml"),
            Refresh = asked.Refresh,
            UpdateLock = asked.UpdateLock,
        };
    }
}
