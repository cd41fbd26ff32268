namespace Gfxbake.Recipes.Model;

/// <summary>
/// The word that a library is needed by name only: in the image stands one of the same name and functions, each of which says so and
/// ends the program.
/// </summary>
public sealed record StandInRule
{
    /// <summary>A glob over file names: the library.</summary>
    public required string Library { get; init; }

    /// <summary>Why nobody calls it: a sentence without a full stop, which the functions write.</summary>
    public required string Why { get; init; }

    /// <summary>What to do about a call: a sentence without a full stop, which the functions write too.</summary>
    public required string Next { get; init; }

    /// <summary>Globs over file names: the only ones that may need it, for of others nobody has looked whether they call it.</summary>
    public required IReadOnlyList<string> For { get; init; }

    /// <summary>What answers calls instead; null: each function says that it was called and ends the program.</summary>
    public StandInAnswers? Answers { get; init; }

    /// <summary>Variables of it whose addresses may be taken; no others may be, and none may be copied.</summary>
    public IReadOnlyList<StandInData> Data { get; init; } = [];

    /// <summary>What in an image would show that it is called after all.</summary>
    public IReadOnlyList<StandInRefutation> RefutedBy { get; init; } = [];

    /// <summary>Where that was read or tried.</summary>
    public required string Source { get; init; }

    /// <summary>The day on which it was.</summary>
    public required string Read { get; init; }
}

/// <summary>Variables that nobody reads without a call.</summary>
/// <param name="Symbols">Globs over their names.</param>
/// <param name="Why">Why nobody does.</param>
public sealed record StandInData(IReadOnlyList<string> Symbols, string Why);

/// <summary>Imports that lead to a library's functions by way of another one.</summary>
/// <param name="Importer">A glob over file names of programs and libraries.</param>
/// <param name="Symbols">Globs over the names that it imports.</param>
/// <param name="Why">How they lead there.</param>
public sealed record StandInRefutation(string Importer, IReadOnlyList<string> Symbols, string Why);

/// <summary>
/// A stand-in that works: a library made of C files, with a table behind it of what the real library answered when it was recorded.
/// </summary>
public sealed record StandInAnswers
{
    /// <summary>A folder below docker/standins/ with a Dockerfile, which gets BASE and makes /kit.</summary>
    public required string From { get; init; }

    /// <summary>The library in the kit; the recorder has the same name in the kit's folder "recorder".</summary>
    public required string Library { get; init; }

    /// <summary>A glob over names in the data of the files of "for": all of them must be functions of the stand-in.</summary>
    public required string Asks { get; init; }

    /// <summary>On which device what is asked is recorded.</summary>
    public required string Device { get; init; }

    /// <summary>What asks; {kit} is the kit's folder in the container.</summary>
    public required IReadOnlyList<string> Command { get; init; }

    /// <summary>What it must print.</summary>
    public required string Expect { get; init; }

    /// <summary>Variable of the recorder: the path of the real library.</summary>
    public required string RealVariable { get; init; }

    /// <summary>Variable of the recorder: the folder that it writes to.</summary>
    public required string RecordVariable { get; init; }

    /// <summary>Variables that change what is asked, with values; each combination is recorded. An empty one leaves it unset.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Vary { get; init; } = new Dictionary<string, IReadOnlyList<string>>();

    /// <summary>Seconds that one recording may take.</summary>
    public int Timeout { get; init; } = 120;
}
