using Gfxbake.Formats.Offload;
using Gfxbake.Host.Tools;
using Gfxbake.Recipes.Shared;

namespace Gfxbake.Host.Tasks.Images;

/// <summary>What an image says of itself (OCI annotation names) and what its programs get in the environment.</summary>
internal static class ImageLabels
{
    /// <summary>The label with the commit of this repository.</summary>
    public const string Revision = "org.opencontainers.image.revision";

    public static IReadOnlyDictionary<string, string> Environment(BuildContext context)
    {
        var environment = new Dictionary<string, string>(context.Recipe.Image.Environment);
        foreach (var (key, value) in context.Variant.Environment)
            environment[key] = value;
        return environment;
    }

    /// <summary>The pruned image's: some HIP loads compressed code only with a variable set.</summary>
    public static IReadOnlyDictionary<string, string> PrunedEnvironment(BuildContext context) => ForPruned(context, Environment(context));

    /// <summary>What the pruned image's programs need outside of a container too.</summary>
    public static IReadOnlyDictionary<string, string> InstalledEnvironment(BuildContext context) =>
        ForPruned(context, context.Variant.Environment);

    private static Dictionary<string, string> ForPruned(BuildContext context, IReadOnlyDictionary<string, string> of)
    {
        var environment = new Dictionary<string, string>(of);
        if (context.Offload.Form == OffloadForm.Compress)
        {
            foreach (var (key, value) in context.Offload.CompressEnvironment)
                environment[key] = value;
        }

        return environment;
    }

    public static IReadOnlyDictionary<string, string> Of(BuildContext context, string kind, string? version)
    {
        var labels = new Dictionary<string, string>
        {
            ["org.opencontainers.image.title"] = $"{context.Recipe.Name} {context.VariantName} {kind}",
            ["org.opencontainers.image.description"] = context.Recipe.Summary,
            ["org.opencontainers.image.source"] = context.Recipe.Source,
            ["org.opencontainers.image.licenses"] = context.Recipe.License,
            ["gfxbake.recipe"] = context.Recipe.Name,
            ["gfxbake.variant"] = context.VariantName,
            ["gfxbake.gpu"] = context.Recipe.Gpu,
            ["gfxbake.code-target"] = context.Variant.CodeTarget,
        };
        if (context.Variant.Rocr is { } rocr)
        {
            labels["gfxbake.rocr"] = rocr.Version;
            if (context.Book.Hosts.RuleOf(context.Recipe.Gpu) is { } rule)
                labels["gfxbake.kernels"] = RocrText.Kernels(rule, rocr.Version);
        }

        if (version is not null)
            labels["org.opencontainers.image.version"] = version;
        if (version is not null && GitRevision.Commit(context) is { } revision)
            labels[Revision] = revision;
        return labels;
    }
}
