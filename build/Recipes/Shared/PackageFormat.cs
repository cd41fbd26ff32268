namespace Gfxbake.Recipes.Shared;

/// <summary>How packages of one format are made, named and written; the rest of it is templates and scripts in docker/packages.</summary>
public sealed record PackageFormat
{
    /// <summary>What the step is called that makes such a package, and the target, where there is a class of this name.</summary>
    public required string Target { get; init; }

    /// <summary>The distribution's own image for building packages, with a digest; null: the stand-in has the tools.</summary>
    public string? Image { get; init; }

    /// <summary>The format's word for x86-64.</summary>
    public required string Architecture { get; init; }

    /// <summary>Name of a finished package, with {name}, {epoch}, {version}, {release} and {architecture}.</summary>
    public required string File { get; init; }

    /// <summary>What the package tool is told of compression, in its own words.</summary>
    public required string Compression { get; init; }

    public required PackageVersionRule Version { get; init; }

    public required PackagePlaces Places { get; init; }

    /// <summary>The format's relations, each with the words that every package says, with {recipe}, {epoch} and {version}.</summary>
    public required IReadOnlyDictionary<string, IReadOnlyList<string>> Relations { get; init; }

    /// <summary>The program that looks for faults in a package and whose errors a recipe can except; null: there is none.</summary>
    public string? Lint { get; init; }

    /// <summary>Longest line of a description that the format takes; null: any.</summary>
    public int? DescriptionColumns { get; init; }

    /// <summary>What {{text x}} of a template writes for a sign that means something else in the format's own language.</summary>
    public IReadOnlyDictionary<string, string> Escape { get; init; } = new Dictionary<string, string>();

    /// <summary>How the name of a finished package ends, whatever is in it.</summary>
    public string Ending => File[(File.LastIndexOf('}') + 1)..];
}

/// <summary>Which versions a format takes.</summary>
public sealed record PackageVersionRule
{
    /// <summary>Signs of a version, as between the brackets of an expression; each run of others becomes a dot.</summary>
    public required string Signs { get; init; }

    /// <summary>Put before a version that begins with no digit.</summary>
    public string BeforeLetter { get; init; } = "";
}

/// <summary>Where a package puts what it has beside its runtime: absolute folders.</summary>
/// <param name="Programs">Takes the starters of programs.</param>
/// <param name="Units">A file of the recipe that goes there is a unit of systemd.</param>
/// <param name="Configuration">A file of the recipe that goes below it is kept as people have edited it.</param>
public sealed record PackagePlaces(string Programs, string Units, string Configuration)
{
    public bool IsUnit(string target) => target.StartsWith(Units + "/", StringComparison.Ordinal);

    public bool IsConfiguration(string target) => target.StartsWith(Configuration + "/", StringComparison.Ordinal);
}
