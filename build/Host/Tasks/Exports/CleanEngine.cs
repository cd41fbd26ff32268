using Gfxbake.Core.Sizes;
using Gfxbake.Host.Tools;
using Spectre.Console;

namespace Gfxbake.Host.Tasks.Exports;

/// <summary>Removes this checkout's containers, and the images of its recipes.</summary>
internal static class CleanEngine
{
    // An image before those that it is made from.
    private static readonly string[] Kinds = ["installed", "package", "parts", "tools", "root", "builder", "standin", "minimal", "candidate", "trace", "full", "base"];

    private const int FullId = 64, ShortId = 12;

    public static IEnumerable<string> Containers(BuildContext context, bool dry)
    {
        var mine = context.EngineCommand("ps", "--all", "--filter", "label=" + Tools.Containers.Label(context), "--format", "{{.Names}}  {{.Image}}").Where(l => l.Length > 0).ToList();
        var working = WorkingContainers.Of(context);
        foreach (var line in mine.Concat(working.Select(w => $"{w}  (of an image build)"))) AnsiConsole.WriteLine($"  container  {SizeWords.Visible(line)}");
        if (mine.Count + working.Count == 0) AnsiConsole.WriteLine("  no containers of this checkout");
        if (!dry) Tools.Containers.RemoveAll(context);
        return [];
    }

    public static IEnumerable<string> Images(BuildContext context, bool dry)
    {
        var names = context.Book.Names;
        var found = context.EngineCommand("image", "ls", "--format", "{{.Repository}}:{{.Tag}} {{.Size}}")
            .Select(l => l.Split(' ', 2)).Select(l => (Name: l[0], Size: l.Length > 1 ? l[1] : "", Rank: Rank(l[0], names))).Where(i => i.Rank >= 0).OrderBy(i => i.Rank).ToList();
        List<string> problems = [];
        // Learned while the bases still have their names.
        var bases = found.Where(i => i.Rank >= Kinds.Length).SelectMany(i => Inspect(context, [i.Name])).Where(i => i.Layers.Count > 0).Select(i => i.Layers[0]).ToHashSet();
        foreach (var (name, size, _) in found) Remove(context, name, size, dry, problems);
        foreach (var image in Nameless(context).Where(i => i.Recipe is { } recipe ? names.Contains(recipe) : i.Layers.Count > 0 && bases.Contains(i.Layers[0])))
            Remove(context, image.Id, $"{SizeWords.Of(image.Bytes)}, without a name", dry, problems);
        AnsiConsole.WriteLine(found.Count == 0 ? "  no images of this project" : "  (layers that images share count in each of them)");
        return problems;
    }

    /// <summary>The image's place in the order of removal, or -1 for one that this project did not make.</summary>
    internal static int Rank(string image, IReadOnlyList<string> recipes)
    {
        string[] shared = ["gfxbake-base", "gfxbake-probe"];
        var rank = Array.FindIndex(shared, s => image.StartsWith($"localhost/{s}:", StringComparison.Ordinal));
        if (rank >= 0) return Kinds.Length + rank;
        return recipes.Any(r => image.StartsWith($"localhost/{r}:", StringComparison.Ordinal)) ? Array.FindIndex(Kinds, k => image.EndsWith("-" + k, StringComparison.Ordinal)) : -1;
    }

    /// <summary>
    /// Images without a name: earlier builds, whose name a later one took over, carry our label; stages of builds carry none, but stand
    /// on a base that only this project makes.
    /// </summary>
    private static IEnumerable<ImageFacts> Nameless(BuildContext context)
    {
        var ids = context.EngineCommand("image", "ls", "--filter", "dangling=true", "--quiet", "--no-trunc").Where(i => i.Length > 0).Distinct().ToList();
        return ids.Count == 0 ? [] : Inspect(context, ids);
    }

    private static IEnumerable<ImageFacts> Inspect(BuildContext context, IReadOnlyList<string> images)
        => context.EngineCommand(["image", "inspect", "--format", "{{.Id}} {{.Size}} {{json .RootFS.Layers}} {{json .Config.Labels}}", .. images]).Where(l => l.Length > 0).Select(ImageFacts.Parse);

    private static void Remove(BuildContext context, string image, string size, bool dry, List<string> problems)
    {
        try
        {
            // Not by force: a container of somebody else's may run on it.
            if (!dry) context.EngineCommand("rmi", image);
            AnsiConsole.WriteLine($"  image  {(image.Length == FullId ? image[..ShortId] : SizeWords.Visible(image))}  {SizeWords.Visible(size)}");
        }
        catch (EngineException error) when (error.Message.Contains("not known", StringComparison.OrdinalIgnoreCase) || error.Message.Contains("no such", StringComparison.OrdinalIgnoreCase))
        {
            // An engine takes nameless images away with the last one that stands on them.
        }
        catch (EngineException error)
        {
            problems.Add(error.Message);
        }
    }
}
