namespace Gfxbake.Recipes.Model;

/// <summary>A program that a variant compiles, and how CMake is told.</summary>
public sealed record SourceCode
{
    /// <summary>The source of the recipe's list that this one starts from; its own keys win.</summary>
    public string? From { get; init; }

    /// <summary>
    /// What the program is called: its version's name in reports, its folder below /usr/share/licenses. Of a source in the recipe's list it
    /// is the key.
    /// </summary>
    public required string Name { get; init; }

    /// <summary>Where git fetches it.</summary>
    public required string Repository { get; init; }

    public required string Tag { get; init; }

    /// <summary>The commit that the tag must name, 40 hex digits: a tag can be moved, a commit can't.</summary>
    public required string Commit { get; init; }

    /// <summary>A file at the top of a checkout, by which a wrong folder is told.</summary>
    public string Has { get; init; } = "CMakeLists.txt";

    /// <summary>CMake's generator.</summary>
    public string Generator { get; init; } = "Ninja";

    /// <summary>CMake's -D options; {gpu}, {code_target}, {tag} and {commit} are replaced.</summary>
    public IReadOnlyDictionary<string, string> Cmake { get; init; } = new Dictionary<string, string>();

    /// <summary>Patch files below recipes/, applied in order before anything is compiled.</summary>
    public IReadOnlyList<string> Patches { get; init; } = [];

    /// <summary>Options that --with=NAME adds or changes.</summary>
    public IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>> Switches { get; init; } =
        new Dictionary<string, IReadOnlyDictionary<string, string>>();

    /// <summary>Where CheckUpstream looks for a newer tag.</summary>
    public IReadOnlyList<UpstreamWatch> Upstream { get; init; } = [];

    /// <summary>The options as -DNAME=VALUE, sorted by name.</summary>
    /// <param name="recipe">Gives {gpu}.</param>
    /// <param name="variant">Gives {code_target}.</param>
    /// <param name="switches">Names of switches, all known.</param>
    public IReadOnlyList<string> CmakeOptions(Recipe recipe, Variant variant, IEnumerable<string> switches)
    {
        var all = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in Cmake.Concat(switches.SelectMany(s => Switches[s])))
            all[name] = value;
        return [.. all.Select(o => $"-D{o.Key}={Placeholders.Fill(o.Value, recipe, variant)}")];
    }
}
