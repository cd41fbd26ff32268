namespace Gfxbake.Recipes.Model;

/// <summary>What becomes of the minimal image as a package of a distribution (key packages; docs/packages.md).</summary>
public sealed record PackageRecipe
{
    /// <summary>Counts up when the same version is packaged anew: pkgrel of a PKGBUILD, Release of a spec.</summary>
    public int Release { get; init; } = 1;

    /// <summary>Counts up when versions begin anew, so that 1.0 of the new counting is later than 24.0 of the old; 0: never yet.</summary>
    public int Epoch { get; init; }

    /// <summary>What the package is, for people who look at a list of packages: each line as long as every format takes it.</summary>
    public required IReadOnlyList<string> Description { get; init; }

    /// <summary>Programs of the image, absolute; each gets a starter of its file name in /usr/bin.</summary>
    public required IReadOnlyList<string> Programs { get; init; }

    /// <summary>Programs that other programs of the image start, as patterns: they are loaded like those, and have no starter.</summary>
    public IReadOnlyList<RuntimePath> InnerPrograms { get; init; } = [];

    /// <summary>What is left out of the runtime, because the host's own serves.</summary>
    public IReadOnlyList<RuntimePath> Host { get; init; } = [];

    /// <summary>Places that programs have compiled in: they become links into the runtime.</summary>
    public IReadOnlyList<RuntimePath> Links { get; init; } = [];

    /// <summary>Variables that a starter sets when nobody else has, beside those of the variant.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>Variables that a starter sets to the first of these files of the host that is there.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> HostFiles { get; init; } = new Dictionary<string, IReadOnlyList<string>>();

    /// <summary>Further files of the package: units, configuration, sysusers.d.</summary>
    public IReadOnlyList<PackageFile> Files { get; init; } = [];

    /// <summary>Files that the image has not and that are installed as they are, each with its mode.</summary>
    public IReadOnlyList<PackageTree> Trees { get; init; } = [];

    /// <summary>The user as whom the installed programs are tried: one that a sysusers.d file of the package makes.</summary>
    public required string User { get; init; }

    /// <summary>What a person reads after the installation, a line each.</summary>
    public IReadOnlyList<string> Hints { get; init; } = [];

    /// <summary>What is to be said to one format's packages alone, by the name of a format of packages.yml.</summary>
    public IReadOnlyDictionary<string, FormatWords> Formats { get; init; } = new Dictionary<string, FormatWords>();
}

/// <summary>A path of the image and why it is treated so.</summary>
/// <param name="Path">A PathGlob for what is left out and for inner programs, an absolute path for a link.</param>
/// <param name="Why">One sentence.</param>
/// <param name="Optional">Whether it is no problem when the image has none.</param>
public sealed record RuntimePath(string Path, string Why, bool Optional = false);

/// <summary>A small file of the package.</summary>
/// <param name="Source">Below recipes/; a template, see docs/packages.md.</param>
/// <param name="Target">Where it is installed; the format's places say whether it is a unit there, or configuration.</param>
public sealed record PackageFile(string Source, string Target)
{
    /// <summary>Its name where the package is made, for a target whose name another file has there; null: the target's.</summary>
    public string? As { get; init; }

    public string Name => As ?? Path.GetFileName(Target);
}

/// <summary>A recipe's words for the packages of one format.</summary>
public sealed record FormatWords
{
    /// <summary>By the name of a relation of the format: words in the format's own language, after those that every package says.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Relations { get; init; } = new Dictionary<string, IReadOnlyList<string>>();

    /// <summary>Errors of the format's lint program that are wrong for this program.</summary>
    public IReadOnlyList<LintException> Lint { get; init; } = [];
}

/// <summary>An error of a lint program that does not end the build.</summary>
/// <param name="Check">The program's name of it.</param>
/// <param name="Why">One sentence that says why it is wrong here.</param>
public sealed record LintException(string Check, string Why);
