using System.Globalization;
using Gfxbake.Formats.Text;
using Gfxbake.Recipes.Model;

namespace Gfxbake.Pipeline.Numbers;

/// <summary>A comparison in words.</summary>
public static class NumberText
{
    /// <summary>Why it does not pass; empty when it does.</summary>
    public static IEnumerable<string> Problems(NumberComparison found)
    {
        if (found.Place is { } place && found.Largest > found.Limit)
        {
            var token = place.Token;
            var what =
                found.Kind == NumberKind.Embeddings
                    ? $"value {token.Id} of text {place.Position} is"
                    : $"token {token.Id} '{PlainText.Visible(token.Text)}' at position {place.Position} has the log probability";
            yield return $"{found.Request}: {what} {Number(token.Measured!.Value)}, {found.Against}'s in the full image is "
                + $"{Number(token.Reference)}: {Number(found.Largest)} apart, {Number(found.Limit)} is allowed. "
                + "Next: ask the same of the full image on this device; "
                + "when it is as far off, the device or 'largest' in the recipe is wrong, else a file of this image";
        }

        if (found.Compared < found.Least)
        {
            var parted = found.PositionsCompared < found.Positions ? ", where the two texts part" : "";
            var (what, next) =
                found.Kind == NumberKind.Embeddings
                    ? ("values", "lower 'least'")
                    : ("log probabilities", "raise 'n_probs' or lower 'least'");
            yield return $"{found.Request}: only {SizeText.Count(found.Compared)} {what} were compared with {found.Against}'s, "
                + $"at least {SizeText.Count(found.Least)} must be; {found.PositionsCompared} of {found.Positions} positions{parted}. "
                + $"Next: look at the answers; when they are right, {next}";
        }
    }

    /// <summary>For instance: numbers within 0.0074 of server-cpu's (limit 0.02, 1,216 compared).</summary>
    public static string Line(IEnumerable<NumberComparison> found) =>
        string.Join(
            ", ",
            found.Select(f =>
                $"numbers within {Number(f.Largest)} of {f.Against}'s (limit {Number(f.Limit)}, {SizeText.Count(f.Compared)} compared)"
            )
        );

    public static string Number(double number) =>
        Math.Abs(number) is 0 or >= 1e-6
            ? number.ToString("0.######", CultureInfo.InvariantCulture)
            : number.ToString("0.#e-0", CultureInfo.InvariantCulture);
}
