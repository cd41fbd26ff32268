namespace Gfxbake.Pipeline.Numbers;

/// <summary>One generated token, and what the model gave every listed token there; or a text's vector.</summary>
/// <param name="Chosen">The token that was generated.</param>
/// <param name="Listed">How many tokens the answer lists, of the most probable ones.</param>
/// <param name="Tokens">The listed ones and the generated one, by their numbers.</param>
public sealed record TokenPosition(int Chosen, int Listed, IReadOnlyDictionary<int, TokenNumber> Tokens);

/// <param name="Id">The token's number in the vocabulary: several tokens may have the same text, or none.</param>
/// <param name="Text">What it stands for, cut where it is long.</param>
/// <param name="LogProbability">Natural logarithm of its probability; a vector's value.</param>
public sealed record TokenNumber(int Id, string Text, double LogProbability);

/// <summary>An answer holds no log probabilities that can be compared.</summary>
public sealed class CompletionFormatException(string message) : Exception(message);
