namespace Gfxbake.Recipes.Shared;

/// <summary>A model that people run, and how (recipes/_shared/models/NAME.yml).</summary>
public sealed record ModelPreset
{
    /// <summary>What a flag of the program has as its value in a preset.</summary>
    public const string Flag = "true";

    private string name = "";

    /// <summary>Its file's name, which --model= takes.</summary>
    public string Name => name;

    /// <summary>How people call it.</summary>
    public required string Title { get; init; }

    /// <summary>
    /// Patterns over paths below the folder with models: its file, or the first of its parts. The first pattern that fits wins.
    /// </summary>
    public required IReadOnlyList<string> Files { get; init; }

    /// <summary>Patterns of the file with which it sees pictures, searched in the folder of its model; none where it sees none.</summary>
    public IReadOnlyList<string> Projector { get; init; } = [];

    /// <summary>Where there are files of it, for people: owner/name on Hugging Face.</summary>
    public required string From { get; init; }

    /// <summary>Options by their long names without dashes; a flag has the value true.</summary>
    public required IReadOnlyDictionary<string, string> Options { get; init; }

    /// <summary>The modes of recipes that it is for; none named: all.</summary>
    public IReadOnlyList<string> Modes { get; init; } = [];

    /// <summary>What to know about it.</summary>
    public string? Note { get; init; }

    /// <summary>Where its values were read.</summary>
    public required IReadOnlyList<PresetSource> Sources { get; init; }

    public ModelPreset Named(string file) => this with { name = file };
}

/// <summary>Where values of a preset were read.</summary>
/// <param name="Where">A page or a file that others can look up.</param>
/// <param name="Read">The day.</param>
/// <param name="Says">What it says.</param>
public sealed record PresetSource(string Where, string Read, string Says);
