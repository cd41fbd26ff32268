using Gfxbake.Formats.Offload;
using Gfxbake.Pipeline.Steps;
using Gfxbake.Recipes.Shared;

namespace Gfxbake.Pipeline.Full;

/// <summary>What an image says of itself (OCI annotation names) and what its programs get in the environment.</summary>
public static class ImageLabels
{
    /// <summary>The label with the commit of this repository.</summary>
    public const string Revision = "org.opencontainers.image.revision";

    /// <summary>The kind of the pruned image.</summary>
    private const string Minimal = "minimal";

    public static IReadOnlyDictionary<string, string> Environment(Workspace workspace)
    {
        var environment = new Dictionary<string, string>(workspace.Recipe.Image.Environment);
        foreach (var (key, value) in workspace.Variant.Environment)
            environment[key] = value;
        return environment;
    }

    /// <summary>The pruned image's: some HIP loads compressed code only with a variable set.</summary>
    public static IReadOnlyDictionary<string, string> PrunedEnvironment(Workspace workspace) =>
        ForPruned(workspace, Environment(workspace));

    /// <summary>What the pruned image's programs need outside of a container too.</summary>
    public static IReadOnlyDictionary<string, string> InstalledEnvironment(Workspace workspace) =>
        ForPruned(workspace, workspace.Variant.Environment);

    /// <param name="workspace">The build.</param>
    /// <param name="kind">full or minimal.</param>
    /// <param name="version">Of the packaged program; null before it is known, and then no commit is named either.</param>
    public static IReadOnlyDictionary<string, string> Of(Workspace workspace, string kind, string? version)
    {
        var (recipe, variant) = (workspace.Recipe, workspace.Variant);
        var labels = new Dictionary<string, string>
        {
            ["org.opencontainers.image.title"] = $"{recipe.Name} {workspace.VariantName} {kind}",
            ["org.opencontainers.image.description"] = recipe.Summary,
            ["org.opencontainers.image.source"] = recipe.Source,
            ["org.opencontainers.image.licenses"] = recipe.License,
            ["gfxbake.recipe"] = recipe.Name,
            ["gfxbake.variant"] = workspace.VariantName,
            ["gfxbake.gpu"] = recipe.Gpu,
            ["gfxbake.code-target"] = variant.CodeTarget,
        };
        if (variant.Rocr is { } rocr)
        {
            labels["gfxbake.rocr"] = rocr.Version;
            if (workspace.Book.Hosts.RuleOf(recipe.Gpu) is { } rule)
                labels["gfxbake.kernels"] = RocrText.Kernels(rule, rocr.Version);
        }

        if (kind == Minimal && workspace.StandIns.Count > 0)
            labels["gfxbake.standins"] = string.Join(',', workspace.StandIns.Keys);
        var answering = workspace.StandIns.Where(s => s.Value.Answers is not null).Select(s => s.Key).ToList();
        if (kind == Minimal && answering.Count > 0)
            labels["gfxbake.standins.answering"] = string.Join(',', answering);
        if (version is null)
            return labels;
        labels["org.opencontainers.image.version"] = version;
        if (workspace.Revision.Value is { } revision)
            labels[Revision] = revision;
        return labels;
    }

    private static Dictionary<string, string> ForPruned(Workspace workspace, IReadOnlyDictionary<string, string> of)
    {
        var environment = new Dictionary<string, string>(of);
        if (workspace.Offload.Form == OffloadForm.Compress)
        {
            foreach (var (key, value) in workspace.Offload.CompressEnvironment)
                environment[key] = value;
        }

        return environment;
    }
}
