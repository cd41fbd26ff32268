using Gfxbake.Formats.Text;
using Gfxbake.Host.Tools;
using Gfxbake.Pipeline.Steps;
using Spectre.Console;

namespace Gfxbake.Host.Exports;

/// <summary>Removes this checkout's containers, and the images that no other checkout uses.</summary>
internal static class CleanEngine
{
    private const int FullId = 64,
        ShortId = 12;

    public static IEnumerable<string> Containers(BuildContext context, bool dry)
    {
        var mine = context
            .EngineCommand("ps", "--all", "--filter", "label=" + Tools.Containers.Label(context), "--format", "{{.Names}}  {{.Image}}")
            .Where(l => l.Length > 0)
            .ToList();
        var working = WorkingContainers.Of(context);
        foreach (var line in mine.Concat(working.Select(w => $"{w}  (of an image build)")))
            AnsiConsole.WriteLine($"  container  {PlainText.Visible(line)}");
        if (mine.Count + working.Count == 0)
            AnsiConsole.WriteLine("  no containers of this checkout");
        if (!dry)
            Tools.Containers.RemoveAll(context);
        return [];
    }

    public static IEnumerable<string> Images(BuildContext context, bool dry)
    {
        var names = context.Book.Names;
        var own = new OwnImages(
            Tools.Containers.Checkout(context.Root),
            context
                .EngineCommand("image", "ls", "--no-trunc", "--format", "{{.ID}} {{.Repository}}:{{.Tag}} {{.Size}}")
                .Select(ListedImage.Parse)
        );
        List<string> problems = [];
        // Learned while the bases still have their names.
        var bases = own
            .Bases.SelectMany(i => Inspect(context, [i.Name]))
            .Where(i => i.Layers.Count > 0)
            .Select(i => i.Layers[0])
            .ToHashSet();
        foreach (var image in own.Named)
            Remove(context, image.Name, image.Size, dry, problems);
        foreach (
            var image in Nameless(context)
                .Where(i =>
                    i.Recipe is { } recipe
                        ? names.Contains(recipe) && own.IsAlone(recipe)
                        : i.Layers.Count > 0 && bases.Contains(i.Layers[0])
                )
        )
        {
            Remove(context, image.Id, $"{SizeText.Of(image.Bytes)}, without a name", dry, problems);
        }

        AnsiConsole.WriteLine(own.Named.Count == 0 ? "  no images of this checkout" : "  (layers that images share count in each of them)");
        return problems;
    }

    /// <summary>
    /// Images without a name: earlier builds, whose name a later one took over, carry our label; stages of builds carry none, but stand
    /// on a base that only this project makes. Where another checkout builds the same, nobody can tell whose they are.
    /// </summary>
    private static IEnumerable<ImageFacts> Nameless(BuildContext context)
    {
        var ids = context
            .EngineCommand("image", "ls", "--filter", "dangling=true", "--quiet", "--no-trunc")
            .Where(i => i.Length > 0)
            .Distinct()
            .ToList();
        return ids.Count == 0 ? [] : Inspect(context, ids);
    }

    private static IEnumerable<ImageFacts> Inspect(BuildContext context, IReadOnlyList<string> images) =>
        context
            .EngineCommand(["image", "inspect", "--format", "{{.Id}} {{.Size}} {{json .RootFS.Layers}} {{json .Config.Labels}}", .. images])
            .Where(l => l.Length > 0)
            .Select(ImageFacts.Parse);

    private static void Remove(BuildContext context, string image, string size, bool dry, List<string> problems)
    {
        try
        {
            // Not by force: a container of somebody else's may run on it.
            if (!dry)
                context.EngineCommand("rmi", image);
            AnsiConsole.WriteLine(
                $"  image  {(image.Length == FullId ? image[..ShortId] : PlainText.Visible(image))}  {PlainText.Visible(size)}"
            );
        }
        catch (EngineException error) when (error.Fault == EngineFault.NoSuchImage)
        {
            // An engine takes nameless images away with the last one that stands on them.
        }
        catch (EngineException error)
        {
            problems.Add(error.Message);
        }
    }
}
