using Gfxbake.Recipes.Model;
using Gfxbake.Recipes.Pins;
using Gfxbake.Recipes.Yaml;

namespace Gfxbake.Host.Tools.Upstream;

/// <summary>Collects the pins that say where newer versions are announced.</summary>
public static class UpstreamPins
{
    /// <summary>The watched pins of the named recipe, or of all recipes.</summary>
    /// <exception cref="RecipeException">A recipe is wrong.</exception>
    public static IReadOnlyList<WatchedPin> Of(BuildContext context, string? only)
    {
        var pins = new List<WatchedPin>();
        foreach (var name in only is null ? context.Book.Names : [only])
        {
            // What a recipe pins may stand in a file that it includes.
            var recipe = context.Book.Read(name);
            foreach (var (source, code) in recipe.Sources)
                pins.AddRange(Inside(context, name, ["sources", source], "tag", code.Upstream));
            foreach (var (variant, data) in recipe.Variants)
            {
                if (data.Source is { From: null } own)
                    pins.AddRange(Inside(context, name, ["variants", variant, "source"], "tag", own.Upstream));
                foreach (var (file, archive) in data.Archives)
                {
                    string[] block = data.Archive is null ? ["archives", file] : ["archive"];
                    pins.AddRange(Inside(context, name, ["variants", variant, .. block], "url", archive.Upstream));
                }

                foreach (
                    var watches in data.Upstream.GroupBy(
                        w => context.Book.FileOf(name, $"variants.{variant}.{FirstValue(w)}"),
                        StringComparer.Ordinal
                    )
                )
                {
                    pins.AddRange(WatchedPin.Of(UpstreamSurvey.Read(context, watches.Key), ["variants", variant], [.. watches]));
                }
            }
        }

        // Once, however many recipes include it.
        return [.. pins.DistinctBy(p => (p.File, string.Join('.', p.Block), p.Watch))];
    }

    /// <summary>The pins of a block that has its watches with it.</summary>
    private static IReadOnlyList<WatchedPin> Inside(
        BuildContext context,
        string recipe,
        IReadOnlyList<string> block,
        string key,
        IReadOnlyList<UpstreamWatch> watches
    )
    {
        if (watches.Count == 0)
            return [];
        var file = context.Book.FileOf(recipe, $"{string.Join('.', block)}.{key}");
        return WatchedPin.Of(UpstreamSurvey.Read(context, file), block, watches, inside: true);
    }

    private static string FirstValue(UpstreamWatch watch) =>
        watch.Pin switch
        {
            UpstreamWatch.Source => "source.tag",
            UpstreamWatch.Archive => "archive.url",
            var value => value,
        };
}
