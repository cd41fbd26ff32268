using System.Text.RegularExpressions;
using Gfxbake.Formats.CMake;
using Gfxbake.Formats.Images;
using Gfxbake.Formats.Tar;
using Gfxbake.Formats.Text;
using Gfxbake.Recipes.Shared;

namespace Gfxbake.Pipeline.Building;

/// <summary>What a build is to be.</summary>
public sealed record OllamaQuestion
{
    public required RocmStage Stage { get; init; }

    /// <summary>The GPU whose code is compiled.</summary>
    public required string Gpu { get; init; }

    /// <summary>What the program says of itself.</summary>
    public required string Version { get; init; }

    /// <summary>The file that go writes.</summary>
    public required string Output { get; init; }

    /// <summary>Folders of code that CMake would fetch, by name.</summary>
    public required IReadOnlyDictionary<string, string> Folders { get; init; }

    /// <summary>More options of CMake, by name.</summary>
    public IReadOnlyDictionary<string, string> Options { get; init; } = new Dictionary<string, string>();
}

/// <summary>Chooses the preset that a source really has, and says how it is compiled against a stage.</summary>
/// <param name="facts">What is known of Ollama's sources.</param>
/// <param name="tree">The source.</param>
public sealed partial class OllamaPlanner(OllamaBuildFacts facts, IFileTree tree)
{
    private const int MostPinBytes = 128;

    /// <summary>How the source lies.</summary>
    /// <exception cref="OllamaBuildException">In no known way, or in one that can't be compiled.</exception>
    public BuildForm Form()
    {
        var form =
            facts.Forms.FirstOrDefault(f => f.Has.All(IsThere))
            ?? throw new OllamaBuildException(
                "it is no source of Ollama that is known: none of "
                    + $"{string.Join(", ", facts.Forms.Select(f => string.Join(" and ", f.Has)))} is there; "
                    + "name the top folder of a checkout"
            );
        return form.Refused is null ? form : throw new OllamaBuildException(PlainText.Visible(form.Refused));
    }

    /// <summary>Which version of the code that CMake fetches the source wants; null where it does not say.</summary>
    public string? Pin(FetchedCode code)
    {
        if (tree.Resolve("/" + code.Pin).Target is not { Kind: EntryKind.File or EntryKind.HardLink } file)
            return null;
        using var stream = tree.OpenFile(file);
        var buffer = new byte[MostPinBytes];
        var length = stream.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
        return PlainText.Visible(System.Text.Encoding.UTF8.GetString(buffer, 0, length).Trim());
    }

    /// <exception cref="OllamaBuildException">The source has no preset for this ROCm.</exception>
    public OllamaPlan Plan(OllamaQuestion question)
    {
        var form = Form();
        CMakePresets presets;
        try
        {
            presets = CMakePresetReader.Read(tree, "/" + form.File);
        }
        catch (CMakePresetException error)
        {
            throw new OllamaBuildException(PlainText.Visible(error.Message));
        }

        return new()
        {
            Form = form.Name,
            Source = form.Source!,
            Steps = [.. form.Steps.Select(s => Step(form, s, presets, question))],
            Go = IsThere(facts.Go.Has)
                ?
                [
                    .. facts.Go.Words.Select(w =>
                        w.Replace("{version}", question.Version, StringComparison.Ordinal)
                            .Replace("{output}", question.Output, StringComparison.Ordinal)
                    ),
                ]
                : [],
        };
    }

    private PlannedConfiguration Step(BuildForm form, CompileStep step, CMakePresets presets, OllamaQuestion question)
    {
        var preset = Chosen(form, step, presets, question.Stage.Version);
        var options = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in facts.Options.Concat(step.Rocm ? facts.RocmOptions : new Dictionary<string, string>()))
            options[name] = Filled(value, question);
        foreach (var (name, folder) in question.Folders.Where(f => form.Fetched.ContainsKey(f.Key)))
            options[form.Fetched[name].Option] = folder;
        foreach (var (name, value) in question.Options)
            options[name] = value;
        return new()
        {
            Name = step.Name,
            Preset = preset.Name,
            Options = [.. options.Select(o => $"-D{o.Key}={o.Value}")],
            Environment = step.Rocm
                ? facts.RocmEnvironment.ToDictionary(v => v.Key, v => Filled(v.Value, question), StringComparer.Ordinal)
                : new Dictionary<string, string>(),
            Targets = step.Targets.Count > 0 ? step.Targets : presets.TargetsOf(preset.Name),
            Collect =
            [
                .. step.Collect.Select(c => new CollectedFiles(
                    c.From,
                    Variable().Replace(c.To, m => Folder(preset, m.Groups[1].Value)).TrimEnd('/')
                )),
            ],
        };
    }

    /// <summary>A folder that a preset names. The source may say anything, and this must stay below the result.</summary>
    private static string Folder(ConfigurePreset preset, string variable)
    {
        var name = preset.CacheVariables.GetValueOrDefault(variable, "");
        return name.Length == 0 || Name().IsMatch(name)
            ? name
            : throw new OllamaBuildException(
                $"the preset '{preset.Name}' has {variable}={PlainText.Visible(name)}, which is no folder's name"
            );
    }

    private static ConfigurePreset Chosen(BuildForm form, CompileStep step, CMakePresets presets, string rocm)
    {
        var numbers = rocm.Split('.');
        List<string> wanted =
        [
            .. step.Presets.Select(p =>
                p.Replace("{major}", numbers[0], StringComparison.Ordinal)
                    .Replace("{minor}", numbers.ElementAtOrDefault(1) ?? "0", StringComparison.Ordinal)
            ),
        ];
        return wanted
                .SelectMany(w => presets.Configure.Where(c => !c.IsHidden && PathGlob.Matches(w, c.Name)))
                .FirstOrDefault(c => !c.Name.Contains("windows", StringComparison.OrdinalIgnoreCase))
            ?? throw new OllamaBuildException(
                $"{form.File} has no preset {string.Join(" or ", wanted.Select(w => $"'{w}'"))}"
                    + $"{(step.Rocm ? $" for ROCm {rocm}" : "")}; it has "
                    + $"{PlainText.Visible(string.Join(", ", presets.Names.Select(n => $"'{n}'")))}. "
                    + "Take an Ollama that knows this ROCm, or stage another ROCm"
            );
    }

    private static string Filled(string text, OllamaQuestion question)
    {
        var stage = question.Stage;
        foreach (
            var (name, value) in new[]
            {
                ("prefix", stage.Prefix),
                ("libraries", stage.LibraryPath),
                ("compiler", stage.Compiler),
                ("device_libraries", stage.DeviceLibraries),
                ("gpu", question.Gpu),
            }
        )
        {
            var word = $"{{{name}}}";
            if (!text.Contains(word, StringComparison.Ordinal))
                continue;
            // CMake and clang split their flags at spaces.
            text = text.Replace(
                word,
                value is null ? throw new OllamaBuildException($"the stage has no {name.Replace('_', ' ')}: stage the package that has it")
                    : value.Any(c => char.IsWhiteSpace(c) || c is '"' or ';')
                        ? throw new OllamaBuildException(
                            $"{value} has a space, a quote or ';' in its path, which CMake splits; move the checkout"
                        )
                    : value,
                StringComparison.Ordinal
            );
        }

        return text;
    }

    private bool IsThere(string path) => tree.Resolve("/" + path).Target is { Kind: EntryKind.File or EntryKind.HardLink };

    [GeneratedRegex(@"\{([A-Z_]+)\}")]
    private static partial Regex Variable();

    [GeneratedRegex(@"\A[A-Za-z0-9_][A-Za-z0-9_.-]{0,63}\z")]
    private static partial Regex Name();
}
