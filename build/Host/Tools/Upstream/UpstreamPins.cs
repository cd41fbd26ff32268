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
            foreach (var (variant, data) in context.Book.Read(name).Variants)
            {
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

    private static string FirstValue(UpstreamWatch watch) =>
        watch.Pin switch
        {
            UpstreamWatch.Source => "source.tag",
            UpstreamWatch.Archive => "archive.url",
            var value => value,
        };
}
