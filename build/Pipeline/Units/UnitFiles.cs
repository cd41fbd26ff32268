using Gfxbake.Pipeline.Templates;
using Gfxbake.Recipes.Shared;

namespace Gfxbake.Pipeline.Units;

/// <summary>Fills the templates of units. What a format is called, and what is in it, is all data.</summary>
/// <param name="folder">docker/units.</param>
/// <param name="facts">The formats.</param>
public sealed class UnitFiles(string folder, UnitFacts facts)
{
    /// <summary>What the templates may use, besides Handlebars' own words (docs/units.md lists it).</summary>
    public static IReadOnlyDictionary<string, TemplateWord> Words { get; } =
        new Dictionary<string, TemplateWord>
        {
            ["shell"] = v => Quoting.Shell(v[0]),
            ["json"] = v => Quoting.Json(v[0]),
            ["quoted"] = v => Quoting.Quoted(v[0]),
            ["twice"] = v => Quoting.Twice(v[0], v[1]),
            ["bare"] = v => Quoting.Bare(v[0], v.Count > 1 ? v[1] : ""),
            ["plain"] = v => Quoting.Plain(v[0]),
            ["oneline"] = v => Quoting.OneLine(v[0]),
            ["filled"] = v => Quoting.Filled(v[0]),
            ["apart"] = v => Quoting.Apart(v[0], v[1]),
            ["pair"] = v => $"{v[0]}={v[1]}",
        };

    /// <param name="formats">Names of formats.</param>
    /// <param name="set">What the files are about.</param>
    /// <param name="asRoot">Whether it is root who will use them.</param>
    /// <exception cref="UnitException">A value can't be written in a format, or a template is broken.</exception>
    public IReadOnlyList<UnitFile> Fill(IReadOnlyList<string> formats, UnitSet set, bool asRoot)
    {
        var values = new UnitValues(facts, set, asRoot);
        return [.. formats.SelectMany(f => Fill(f, facts.Formats[f], values))];
    }

    private IEnumerable<UnitFile> Fill(string name, UnitFormat format, UnitValues values)
    {
        var path = Path.Combine(folder, format.Template);
        if (!File.Exists(path))
            throw new UnitException($"docker/units/{format.Template} is missing; restore it from git");
        var template = File.ReadAllText(path);
        foreach (var model in format.Each ? values.Models : [values.All])
        {
            string text;
            try
            {
                text = new TextTemplate(Words).Fill(template, model);
            }
            catch (FormatException exception)
            {
                throw new UnitException($"{name} (docker/units/{format.Template}): {exception.Message}");
            }

            yield return new(name, values.InWords(format.File, model), text, values.InWords(values.Use(format), model));
        }
    }
}
