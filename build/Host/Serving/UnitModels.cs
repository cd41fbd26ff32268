using System.Globalization;
using Cake.Core;
using Gfxbake.Formats.Text;
using Gfxbake.Host.Tools;
using Gfxbake.Pipeline.Serving;
using Gfxbake.Pipeline.Units;
using Gfxbake.Recipes.Model;
using Gfxbake.Recipes.Shared;

namespace Gfxbake.Host.Serving;

/// <summary>Puts together what Units writes about, out of the same data as Run.</summary>
public sealed class UnitModels(BuildContext context)
{
    private const string Example = "./build.sh --target=Units --model=gpt-oss-20b,qwen3-coder-30b-a3b";

    private readonly List<string> notes = [];

    /// <summary>What to know about it, a sentence each.</summary>
    public IReadOnlyList<string> Notes => notes;

    /// <exception cref="CakeException">What can't work, with what to do instead.</exception>
    public UnitSet Set()
    {
        var names =
            context.Value(Arguments.Model)?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            ?? throw new CakeException($"Units needs --{Arguments.Model}=, for instance {Example}; --target=Models lists the presets");
        var recipe = context.Recipe;
        var rule =
            recipe.Run ?? throw new CakeException($"the recipe {recipe.Name} does not say how its programs are run with a model (key run)");
        // What has a port waits for others: that is what units are for.
        var (name, mode) = rule.Modes.FirstOrDefault(m => m.Value.Port is not null);
        if (mode is null)
            throw new CakeException($"{recipe.Name} has no server (run.modes)");
        var help = Help(mode);
        var words = new OptionWords(mode.Program, help, rule.Same);
        var place = Place();
        var first = context.Value(Arguments.Port) is { } port ? int.Parse(port, CultureInfo.InvariantCulture) : mode.Port!.Value;
        return new()
        {
            Title = $"{recipe.Summary}, variant {context.VariantName}",
            Recipe = recipe.Name,
            Box = $"{recipe.Name}-{context.VariantName}",
            FullImage = context.PublicImage("full"),
            User = recipe.Packages?.User ?? "",
            Health = recipe.Image.Healthcheck?.Command ?? [],
            Models = [.. names.Distinct().Select((n, i) => Model(n, (rule, name, mode), words, place with { Port = first + i }))],
        };
    }

    /// <summary>The formats that --format= names, or all.</summary>
    /// <exception cref="CakeException">One is unknown.</exception>
    public IReadOnlyList<string> Formats()
    {
        var known = context.Book.Units.Formats;
        var hasPackage = context.Recipe.Packages is not null;
        if (context.Value(Arguments.Format, nameof(Tasks.Run.Units)) is not { } value)
            return [.. known.Where(f => hasPackage || !f.Value.Package).Select(f => f.Key)];
        List<string> names = [.. value.Split(',', StringSplitOptions.TrimEntries).Distinct()];
        if (names.FirstOrDefault(n => !known.ContainsKey(n)) is { } unknown)
            throw new CakeException($"--{Arguments.Format} is '{PlainText.Visible(unknown)}'; known: {string.Join(", ", known.Keys)}");
        return names.FirstOrDefault(n => known[n].Package && !hasPackage) is { } lacking
            ? throw new CakeException(
                $"--{Arguments.Format}={lacking} is for the package, and {context.Recipe.Name} has none (key packages)"
            )
            : names;
    }

    private UnitModel Model(string name, (RunRule Rule, string Name, RunMode Mode) what, OptionWords words, RunPlace place)
    {
        var (rule, mode) = (what.Rule, what.Mode);
        var chosen = ChosenModel.Of(context, what.Name, name);
        if (chosen.Files.Missing.ToList() is { Count: > 0 } missing)
            throw new CakeException($"of {chosen.Files.Path} are missing: {string.Join(", ", missing)}");
        var inImage = chosen.Files.Mounted();
        var onHost = new MountedModel(chosen.Files.Path, chosen.Files.Projector, []);
        var host = ModelRun
            .Options(rule, mode, chosen.Preset, onHost)
            .Concat(Option(rule.Options.Address, PublishedPort.Loopback))
            .Concat(Option(rule.Options.Port, place.Port!.Value.ToString(CultureInfo.InvariantCulture)));
        var options = ModelRun.Options(rule, mode, chosen.Preset, inImage).SelectMany(o => Known(words, o)).ToList();
        return new(
            chosen.Preset?.Name ?? Path.GetFileNameWithoutExtension(chosen.Files.Path),
            chosen.Preset?.Title ?? Path.GetFileName(chosen.Files.Path),
            ModelRun.Of(context.PublicImage("minimal"), mode, words.Of(options, []), inImage, place),
            options,
            words.Of(host, []),
            [.. chosen.Files.Parts.Append(chosen.Files.Projector).OfType<string>()]
        );
    }

    /// <summary>The option as this image's program knows it: under another name, or not at all.</summary>
    private IEnumerable<KeyValuePair<string, string>> Known(OptionWords words, KeyValuePair<string, string> option)
    {
        List<string> left = [];
        var known = words.Of([option], [], left);
        notes.AddRange(left.Except(notes));
        if (known.Count > 0)
            yield return new(known[0].TrimStart('-'), known.Count > 1 ? known[1] : ModelPreset.Flag);
    }

    private static IEnumerable<KeyValuePair<string, string>> Option(string? name, string value) => name is null ? [] : [new(name, value)];

    private ProgramHelp? Help(RunMode mode)
    {
        var image = context.PublicImage("minimal");
        if (context.ImageId(image) is { } id)
            return ImageHelp.Of(context, id, mode.Program);
        notes.Add($"There is no image {image} here, so nobody has asked it for its options ({context.Command("MinimalImage")} builds it).");
        return null;
    }

    private RunPlace Place()
    {
        if (context.Value(Arguments.Device) is { } device && device != RunDevice.Gpu)
            return new RunDevice(context).Place(notes) with { Relabels = true };
        var needsKfd = context.Book.RunsOnRocr(context.Variant);
        var nodes = GpuNodes.Find(context.Machine, needsKfd, context.Book.Gpus[context.Recipe.Gpu].GfxTargetVersion);
        if (nodes.Missing is { } missing)
        {
            nodes = GpuNodes.Usual(needsKfd);
            notes.Add(
                $"This machine has no {missing}: the files name {string.Join(" and ", nodes.Paths)} and no group. "
                    + "Write them on the machine that has the GPU, or look these over."
            );
        }

        return new() { Gpu = nodes, Relabels = true };
    }
}
