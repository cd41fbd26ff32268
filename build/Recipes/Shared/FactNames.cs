using System.Text.RegularExpressions;

namespace Gfxbake.Recipes.Shared;

/// <summary>Facts named in texts: "{gpu}", "{memory:GiB}".</summary>
public static partial class FactNames
{
    /// <summary>Facts of a text, each once.</summary>
    public static IReadOnlyList<string> In(string text) => [.. Name().Matches(text).Select(m => m.Groups["name"].Value).Distinct()];

    /// <summary>The text with something in place of each fact.</summary>
    /// <param name="text">A text.</param>
    /// <param name="value">Gets the fact's name, and whether GiB are meant.</param>
    public static string Fill(string text, Func<string, bool, string> value) =>
        Name().Replace(text, m => value(m.Groups["name"].Value, m.Groups["unit"].Success));

    // An expression's {2,4} and {2} are not names.
    [GeneratedRegex(@"\{(?<name>[a-z][a-z0-9_]*)(?<unit>:GiB)?\}")]
    private static partial Regex Name();
}
