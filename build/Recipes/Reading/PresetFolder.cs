using System.Text.RegularExpressions;
using Gfxbake.Recipes.Shared;
using Gfxbake.Recipes.Yaml;

namespace Gfxbake.Recipes.Reading;

/// <summary>The models that people run: one file each in recipes/_shared/models/.</summary>
internal static partial class PresetFolder
{
    private const string Folder = "_shared/models";

    /// <exception cref="RecipeException">Some have problems: all of all files are named.</exception>
    public static IReadOnlyDictionary<string, ModelPreset> Read(string root)
    {
        var (presets, problems) = (new SortedDictionary<string, ModelPreset>(StringComparer.Ordinal), new List<string>());
        var folder = Path.Combine(root, Folder);
        IReadOnlyList<string> files = Directory.Exists(folder)
            ? [.. Directory.EnumerateFiles(folder, "*.yml").Order(StringComparer.Ordinal)]
            : [];
        foreach (var name in files.Select(f => Path.GetFileNameWithoutExtension(f)))
        {
            try
            {
                presets[name] = SharedFile
                    .Read<ModelPreset>(root, $"{Folder}/{name}.yml", (binder, preset) => Check(binder, name, preset))
                    .Named(name);
            }
            catch (RecipeException exception)
            {
                problems.AddRange(exception.Problems);
            }
        }

        return problems.Count == 0 ? presets : throw new RecipeException(problems);
    }

    private static void Check(YamlBinder binder, string name, ModelPreset preset)
    {
        if (!RunRules.IsName(name))
            binder.Problem("title", $"the file's name '{name}' is no name of a preset; use a-z, 0-9, '.', '_' and '-'");
        if (preset.Files.Count == 0)
            binder.Problem("files", "no pattern says which file is the model's");
        foreach (var (key, patterns) in new[] { ("files", preset.Files), ("projector", preset.Projector) })
        {
            foreach (var (i, pattern) in patterns.Index().Where(p => p.Item.Split('/').Any(c => c is "" or "." or "..")))
                binder.Problem($"{key}[{i}]", $"'{pattern}' is no path below the folder with models: no '/' in front, no '.' and '..'");
        }

        if (!Repository().IsMatch(preset.From))
            binder.Problem("from", $"'{preset.From}' is no owner/name");
        RunRules.CheckOptions(binder, "options", preset.Options);
        if (preset.Sources.Count == 0)
            binder.Problem("sources", "nothing says where the values come from");
        foreach (var (i, source) in preset.Sources.Index().Where(s => !Day().IsMatch(s.Item.Read)))
            binder.Problem($"sources[{i}].read", $"'{source.Read}' is no date: write 2026-11-29 or 2026-11");
    }

    [GeneratedRegex(@"\A[A-Za-z0-9][A-Za-z0-9._-]{0,95}/[A-Za-z0-9][A-Za-z0-9._-]{0,95}\z")]
    private static partial Regex Repository();

    [GeneratedRegex(@"\A[0-9]{4}-[0-9]{2}(?:-[0-9]{2})?\z")]
    private static partial Regex Day();
}
