using System.Globalization;
using Gfxbake.Recipes.Shared;

namespace Gfxbake.Pipeline.Run;

/// <summary>What someone wants to run.</summary>
/// <param name="Contexts">Tokens.</param>
/// <param name="CacheTypes">How keys and values are stored.</param>
/// <param name="Sequences">Conversations at a time, which share the context.</param>
public sealed record FitQuestion(IReadOnlyList<long> Contexts, IReadOnlyList<string> CacheTypes, int Sequences)
{
    // LLAMA_MAX_SEQ of llama.cpp.
    private const int MostSequences = 256;
    private const long MostContext = 1 << 27;
    private const string DefaultType = "f16";

    /// <summary>Of texts in which nothing was found wrong.</summary>
    public static FitQuestion Of(string contexts, string? types, string? sequences, ModelMemoryFacts facts) =>
        new(
            [.. contexts.Split(',').Select(c => Context(c)!.Value).Distinct()],
            [.. (types ?? DefaultType).Split(',').Distinct()],
            sequences is null ? facts.Cache.Sequences : Count(sequences)!.Value
        );

    /// <summary>What is wrong with lengths of context, as the rest of a sentence; null when nothing is.</summary>
    public static string? WrongContexts(string text) =>
        text.Split(',').All(c => Context(c) is not null)
            ? null
            : $" is '{text}'; it is numbers of tokens with commas, each from 1 to {MostContext}, for instance 8192,32768";

    /// <summary>What is wrong with types of the cache.</summary>
    public static string? WrongTypes(string? text, ModelMemoryFacts facts) =>
        text?.Split(',').Except(facts.Cache.Types).FirstOrDefault() is { } unknown
            ? $"={text}: unknown type '{unknown}'; known: {string.Join(", ", facts.Cache.Types)}"
            : null;

    /// <summary>What is wrong with a number of sequences.</summary>
    public static string? WrongSequences(string text) =>
        Count(text) is null ? $" is '{text}'; it is a number of sequences from 1 to {MostSequences}" : null;

    private static int? Count(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count is > 0 and <= MostSequences
            ? count
            : null;

    private static long? Context(string text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var tokens) && tokens is > 0 and <= MostContext
            ? tokens
            : null;
}
