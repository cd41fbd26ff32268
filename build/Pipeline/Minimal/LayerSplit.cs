using Gfxbake.Formats.Images;
using Gfxbake.Formats.Tar;
using Gfxbake.Formats.Text;
using Gfxbake.Pipeline.Plan;
using Gfxbake.Recipes.Model;

namespace Gfxbake.Pipeline.Minimal;

/// <summary>Spreads what a plan keeps over the layers of an image, so that a change of one part does not resend the others.</summary>
public static class LayerSplit
{
    /// <summary>
    /// The layers in the recipe's order, each with its entries and the directories that hold them; all names of one file stay together.
    /// </summary>
    /// <exception cref="FormatException">A layer's path pattern is malformed.</exception>
    public static IReadOnlyList<(LayerRule Rule, IReadOnlyList<ImageEntry> Entries)> Of(
        IReadOnlyList<LayerRule> rules,
        ImageFileSystem source,
        PrunePlan plan
    )
    {
        var globs = rules.Select(r => r.Paths.Select(PathGlob.Parse).ToList()).ToList();
        var layers = rules.Select(_ => new SortedDictionary<string, ImageEntry>(StringComparer.Ordinal)).ToList();
        var layerOfContent = new Dictionary<long, int>();
        foreach (var path in plan.Entries.Where(e => e.IsKept).Select(e => e.Path))
        {
            var entry =
                source.Find(path)
                ?? throw new ArgumentException($"the plan keeps {path}, which the image lacks; plan again (--target=PlanPrune)");
            var layer = globs.FindLastIndex(g => g.Any(p => p.IsMatch(path)));
            if (layer < 0)
                layer = 0;
            if (entry.Kind is EntryKind.File or EntryKind.HardLink && !layerOfContent.TryAdd(entry.DataOffset, layer))
                layer = layerOfContent[entry.DataOffset];
            layers[layer][path] = entry;
            for (var parent = ImagePath.Parent(path); layers[layer].TryAdd(parent, source.Find(parent)!) && parent != "/"; )
                parent = ImagePath.Parent(parent);
        }

        return [.. rules.Select((r, i) => (r, (IReadOnlyList<ImageEntry>)[.. layers[i].Values])).Where(l => l.Item2.Count > 0)];
    }
}
