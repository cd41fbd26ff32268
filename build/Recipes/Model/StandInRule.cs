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
