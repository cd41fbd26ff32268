using Gfxbake.Recipes.Model;

namespace Gfxbake.Pipeline.Numbers;

/// <summary>Compares two answers to the same request, number by number.</summary>
/// <param name="name">The request, for instance "POST /completion".</param>
/// <param name="limits">What the recipe allows.</param>
/// <param name="request">What it asks for.</param>
public sealed class NumberCheck(string name, NumberLimits limits, NumberRequest request)
{
    private const int Shown = 10;

    /// <param name="reference">The answer in the full image.</param>
    /// <param name="measured">The answer that is judged.</param>
    /// <exception cref="CompletionFormatException">One of the two is no such answer.</exception>
    public NumberComparison Compare(string reference, string measured)
    {
        var (expected, found) = (Read(reference, $"{limits.Against}'s answer in the full image"), Read(measured, "the answer"));
        var (positions, compared) = (0, 0);
        NumberPlace? place = null;
        foreach (var (one, other) in expected.Zip(found))
        {
            positions++;
            foreach (var pair in one.Tokens.Values.Select(t => Pair(t, other)).Where(p => p.Measured is not null))
            {
                compared++;
                if (place is null || Distance(pair) > Distance(place.Token))
                    place = new NumberPlace(positions, pair);
            }

            // From here on each is asked for what follows another text.
            if (one.Chosen != other.Chosen)
                break;
        }

        return new NumberComparison
        {
            Request = name,
            Kind = request.Kind,
            Against = limits.Against,
            Positions = Math.Min(expected.Count, found.Count),
            PositionsCompared = positions,
            Compared = compared,
            Least = limits.Least,
            Largest = place is null ? 0 : Distance(place.Token),
            Limit = limits.Largest,
            Place = place,
            Divergence = Divergence(expected[0], found[0]),
            First = [.. MostProbable(expected[0]).Select(t => Pair(t, found[0]))],
        };
    }

    private static IEnumerable<TokenNumber> MostProbable(TokenPosition position) =>
        position.Tokens.Values.OrderByDescending(t => t.LogProbability).ThenBy(t => t.Id).Take(Shown);

    private static TokenPair Pair(TokenNumber token, TokenPosition other) =>
        new(token.Id, token.Text, token.LogProbability, other.Tokens.GetValueOrDefault(token.Id)?.LogProbability);

    private static double Distance(TokenPair pair) => Math.Abs(pair.Measured!.Value - pair.Reference);

    // Fewer tokens than were asked for are all that there are.
    private double? Divergence(TokenPosition one, TokenPosition other)
    {
        if (one.Listed >= request.Asked || other.Listed >= request.Asked || !one.Tokens.Keys.ToHashSet().SetEquals(other.Tokens.Keys))
            return null;
        var sum = one.Tokens.Values.Sum(t => Math.Exp(t.LogProbability) * (t.LogProbability - other.Tokens[t.Id].LogProbability));
        // Rounding alone can bring it below 0.
        return Math.Max(0, sum);
    }

    private IReadOnlyList<TokenPosition> Read(string body, string whose)
    {
        try
        {
            return request.Kind == NumberKind.Embeddings ? EmbeddingReader.Read(body) : CompletionReader.Read(body);
        }
        catch (CompletionFormatException exception)
        {
            throw new CompletionFormatException($"{whose} {exception.Message}");
        }
    }
}
