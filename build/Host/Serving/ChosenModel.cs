using Cake.Core;
using Gfxbake.Formats.Gguf;
using Gfxbake.Formats.Text;
using Gfxbake.Pipeline.Serving;
using Gfxbake.Recipes.Shared;

namespace Gfxbake.Host.Serving;

/// <summary>The model that the command line names: a preset with its file, or a file alone.</summary>
public sealed record ChosenModel(ModelPreset? Preset, ModelFiles Files)
{
    private const string Example = "./build.sh --target=Run --model=gpt-oss-20b";

    /// <summary>What else is there of the preset, for people.</summary>
    public IReadOnlyList<string> Others { get; init; } = [];

    /// <exception cref="CakeException">There is no such model, or its files can't be used.</exception>
    public static ChosenModel Of(BuildContext context, string mode)
    {
        var name =
            context.Value(Arguments.Model)
            ?? throw new CakeException($"Run needs --{Arguments.Model}=, for instance {Example}; --target=Models lists the presets");
        return Of(context, mode, name);
    }

    /// <param name="context">The build.</param>
    /// <param name="mode">What runs.</param>
    /// <param name="name">A preset, or a file.</param>
    /// <exception cref="CakeException">There is no such model, or its files can't be used.</exception>
    public static ChosenModel Of(BuildContext context, string mode, string name)
    {
        var chosen = context.Book.Presets.TryGetValue(name, out var preset) ? OfPreset(context, preset, mode) : OfFile(context, name);
        Check(chosen.Files);
        return chosen;
    }

    private static ChosenModel OfPreset(BuildContext context, ModelPreset preset, string mode)
    {
        var modes = string.Join(" or ", preset.Modes);
        if (preset.Modes.Count > 0 && !preset.Modes.Contains(mode))
            throw new CakeException($"the preset {preset.Name} is for --{Arguments.Mode}={modes} only: {preset.Note}");
        if (context.Value(Arguments.File) is { } file)
            return new(preset, ModelFolder.Of(Needed(context, file, $"--{Arguments.File}"), preset.Projector));
        var folder = ModelBase.Need(context);
        var found = ModelFolder.Find(folder, ModelFolder.Files(folder), preset);
        return found.Count > 0
            ? new(preset, found[0]) { Others = [.. found.Skip(1).Select(f => f.Path)] }
            : throw new CakeException(
                $"{folder} has no file of {preset.Name} ({string.Join(" or ", preset.Files)})\n"
                    + $"Next: put one there, for instance of huggingface.co/{preset.From}, or name it with --{Arguments.File}="
            );
    }

    private static ChosenModel OfFile(BuildContext context, string name)
    {
        if (name.Contains('/', StringComparison.Ordinal) || name.Contains('.', StringComparison.Ordinal))
            return new(null, ModelFolder.Of(Needed(context, name, $"--{Arguments.Model}"), []));
        var near = SimilarNames.Of(name, context.Book.Presets.Keys);
        throw new CakeException(
            $"there is no preset '{PlainText.Visible(name)}'{(near.Count == 0 ? "" : $"; did you mean {string.Join(" or ", near)}?")}\n"
                + "Next: --target=Models lists the presets; a file is named by its path."
        );
    }

    /// <summary>A file, named from where the caller is or from the folder with models.</summary>
    private static string Needed(BuildContext context, string name, string argument)
    {
        var path = context.FromCaller(name);
        if (!File.Exists(path) && ModelBase.Find(context) is { } folder)
            path = File.Exists(Path.Combine(folder, name)) ? Path.Combine(folder, name) : path;
        return File.Exists(path)
            ? path
            : throw new CakeException(
                $"{argument}={name}: {path} is {(Directory.Exists(path) ? "a directory" : "not there")}; name a model's file or a preset"
            );
    }

    private static void Check(ModelFiles files)
    {
        foreach (var path in files.Parts.Append(files.Projector).OfType<string>().Where(p => p.Contains(':', StringComparison.Ordinal)))
            throw new CakeException($"{path} has a ':', which neither podman nor docker can mount; rename it");
        try
        {
            GgufModel.Open(files.Path);
        }
        catch (Exception error) when (error is GgufFormatException or IOException or UnauthorizedAccessException)
        {
            throw new CakeException($"{files.Path} can't be run: {error.Message}");
        }
    }
}
