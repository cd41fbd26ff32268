namespace Gfxbake.Recipes.Shared;

/// <summary>What makes a machine fit for a recipe, once for all recipes (recipes/_shared/doctor.yml).</summary>
public sealed record DoctorFacts
{
    /// <summary>Where messages come from, by a short name.</summary>
    public required IReadOnlyDictionary<string, DoctorSource> Sources { get; init; }

    /// <summary>What is read of a machine, by name.</summary>
    public required IReadOnlyDictionary<string, HostProbe> Facts { get; init; }

    /// <summary>What is asked of the facts, in the order of the report.</summary>
    public required IReadOnlyList<HostCheck> Checks { get; init; }

    /// <summary>How kernel parameters are changed; the first that a machine has counts, and all where it has none.</summary>
    public required IReadOnlyList<BootLoader> Boot { get; init; }
}

/// <summary>Something that was read, and when.</summary>
public sealed record DoctorSource
{
    public required string Where { get; init; }

    /// <summary>The day or the month: 2026-11-28, 2026-09.</summary>
    public required string Read { get; init; }
}

/// <summary>
/// How one fact is found: any number of texts. It has one origin; Where, Match, Form, Times, Per and IndexOf then work on what it gives.
/// Names of other facts in braces are filled in.
/// </summary>
public sealed record HostProbe
{
    /// <summary>Origin: the content of files. Paths are below the machine's root, '*' stays within a component.</summary>
    public IReadOnlyList<string> Read { get; init; } = [];

    /// <summary>Origin: the paths of those files and folders that are there.</summary>
    public IReadOnlyList<string> Exists { get; init; } = [];

    /// <summary>Origin: the paths of those that this user may read and write.</summary>
    public IReadOnlyList<string> Open { get; init; } = [];

    /// <summary>Origin: where links point to.</summary>
    public IReadOnlyList<string> Link { get; init; } = [];

    /// <summary>Origin: how many bytes are free where these files and folders lie, of this machine only.</summary>
    public IReadOnlyList<string> Free { get; init; } = [];

    /// <summary>Origin: another fact.</summary>
    public string? From { get; init; }

    /// <summary>Origin: how many values another fact has.</summary>
    public string? Count { get; init; }

    /// <summary>Origin: a variable of the image's environment.</summary>
    public string? Variable { get; init; }

    /// <summary>Only contents in which this expression matches.</summary>
    public string? Where { get; init; }

    /// <summary>Each match of this expression, or of its first group, is a value; left out, all of the text.</summary>
    public string? Match { get; init; }

    /// <summary>Another way to write the values.</summary>
    public ValueForm? Form { get; init; }

    public double? Times { get; init; }

    public double? Per { get; init; }

    /// <summary>The place, from 0, of the first value that another fact has too.</summary>
    public string? IndexOf { get; init; }

    /// <summary>The fact to take where this one has no value.</summary>
    public string? Or { get; init; }

    /// <summary>All paths that it looks at.</summary>
    public IEnumerable<string> Paths => Read.Concat(Exists).Concat(Open).Concat(Link).Concat(Free);
}

public enum ValueForm
{
    /// <summary>The kernel's 110501 and ROCr's 11.5.1 are gfx1151.</summary>
    Gfx,
}

/// <summary>One question to a machine; it finds one thing at most.</summary>
public sealed record HostCheck
{
    public required string Name { get; init; }

    /// <summary>A word or two for people.</summary>
    public required string Title { get; init; }

    /// <summary>All must hold, or nothing is asked.</summary>
    public IReadOnlyList<HostCondition> When { get; init; } = [];

    /// <summary>The first whose conditions hold is what is found.</summary>
    public required IReadOnlyList<HostCase> Cases { get; init; }
}

/// <summary>A condition on one fact; each test that it names must hold.</summary>
public sealed record HostCondition
{
    public required string Fact { get; init; }

    /// <summary>Whether it has a value.</summary>
    public bool? Some { get; init; }

    /// <summary>One of its values is one of these.</summary>
    public IReadOnlyList<string> Is { get; init; } = [];

    /// <summary>It has values, and none of these.</summary>
    public IReadOnlyList<string> Not { get; init; } = [];

    /// <summary>One of its values is one of another fact's.</summary>
    public string? Holds { get; init; }

    /// <summary>It has values, and the other fact none of them.</summary>
    public string? Lacks { get; init; }

    /// <summary>One of its values is none of another fact's.</summary>
    public string? Beyond { get; init; }

    /// <summary>One of its numbers is larger than a number or another fact's first one, Times so many.</summary>
    public string? Above { get; init; }

    /// <summary>One of its numbers is smaller.</summary>
    public string? Below { get; init; }

    public double Times { get; init; } = 1;

    /// <summary>The facts that it compares with.</summary>
    public IEnumerable<string> Others => new[] { Holds, Lacks, Beyond }.OfType<string>();
}

/// <summary>What is found, and what to do about it; {fact} is a fact's values, {fact:GiB} its number of bytes in GiB.</summary>
public sealed record HostCase
{
    public required FindingLevel Level { get; init; }

    public IReadOnlyList<HostCondition> When { get; init; } = [];

    public required string Found { get; init; }

    public string? Why { get; init; }

    /// <summary>A key of the file's sources.</summary>
    public string? Source { get; init; }

    public string? Remedy { get; init; }

    /// <summary>Commands of the remedy, each on a line.</summary>
    public IReadOnlyList<string> Run { get; init; } = [];

    /// <summary>Kernel parameters to add.</summary>
    public IReadOnlyList<string> Add { get; init; } = [];

    /// <summary>Kernel parameters to take out.</summary>
    public IReadOnlyList<string> Remove { get; init; } = [];
}

public enum FindingLevel
{
    Ok,
    Note,
    Warning,

    /// <summary>The run can't work.</summary>
    Error,
}

/// <summary>How one kind of machine gets its kernel parameters.</summary>
public sealed record BootLoader
{
    public required string Name { get; init; }

    public IReadOnlyList<HostCondition> When { get; init; } = [];

    /// <summary>A command; {parameter} is what is added.</summary>
    public required string Add { get; init; }

    public required string Remove { get; init; }

    /// <summary>What comes after.</summary>
    public IReadOnlyList<string> Then { get; init; } = [];
}
