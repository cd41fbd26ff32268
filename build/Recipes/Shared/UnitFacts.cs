using System.Text.RegularExpressions;
using Gfxbake.Recipes.Yaml;

namespace Gfxbake.Recipes.Shared;

/// <summary>The files with which other programs run the image or the package, once for all recipes (recipes/_shared/units.yml).</summary>
public sealed partial record UnitFacts
{
    /// <summary>What every template may name besides the recipe and its models.</summary>
    public IReadOnlyDictionary<string, string> Values { get; init; } = new Dictionary<string, string>();

    /// <summary>Every format by its name, which --format= takes.</summary>
    public required IReadOnlyDictionary<string, UnitFormat> Formats { get; init; }

    internal static void Check(YamlBinder binder, UnitFacts facts)
    {
        foreach (var (name, format) in facts.Formats)
        {
            var key = $"formats.{name}";
            if (!Name().IsMatch(name))
                binder.Problem(key, $"'{name}' is no name of a format; use a-z, 0-9 and '-'");
            if (!File().IsMatch(format.Template))
                binder.Problem($"{key}.template", $"'{format.Template}' is no file of docker/units/");
            if (!File().IsMatch(format.File.Replace(UnitFormat.Unit, "unit", StringComparison.Ordinal)))
                binder.Problem($"{key}.file", $"'{format.File}' is no file's name, in which {UnitFormat.Unit} may stand");
            if (format.Each != format.File.Contains(UnitFormat.Unit, StringComparison.Ordinal))
                binder.Problem($"{key}.file", $"a file for each model, and no other, has {UnitFormat.Unit} in its name");
        }
    }

    [GeneratedRegex(@"\A[a-z0-9]+(-[a-z0-9]+)*\z")]
    private static partial Regex Name();

    [GeneratedRegex(@"\A[A-Za-z0-9][A-Za-z0-9._-]*\z")]
    private static partial Regex File();
}

/// <summary>One kind of file.</summary>
public sealed record UnitFormat
{
    /// <summary>In the file's name and in what is done with it: recipe and model.</summary>
    public const string Unit = "{unit}";

    /// <summary>A file of docker/units/.</summary>
    public required string Template { get; init; }

    /// <summary>Its name.</summary>
    public required string File { get; init; }

    /// <summary>Whether each model has a file of its own; otherwise one file has all.</summary>
    public bool Each { get; init; }

    /// <summary>Whether it starts what the package installs, and not the image.</summary>
    public bool Package { get; init; }

    /// <summary>What to do with it: a command, in which {file}, {unit}, {models} and {box} stand for this one's.</summary>
    public required string Use { get; init; }

    /// <summary>The same where it is root who does it; left out, it is no other.</summary>
    public string? UseAsRoot { get; init; }
}
