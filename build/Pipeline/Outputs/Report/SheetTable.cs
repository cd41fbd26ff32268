using Gfxbake.Pipeline.Numbers;
using Gfxbake.Recipes.Model;

namespace Gfxbake.Pipeline.Outputs.Report;

/// <summary>One answer's numbers, token by token: what it is compared with first, then each device.</summary>
public sealed record SheetTable
{
    /// <summary>Variants list their ten most probable tokens, which differ little.</summary>
    private const int MostTokens = 12;

    public required string Title { get; init; }

    /// <summary>Whether the numbers are values of a vector and not logarithms of probabilities.</summary>
    public required bool Vector { get; init; }

    public required IReadOnlyList<SheetToken> Tokens { get; init; }

    public required IReadOnlyList<SheetColumn> Columns { get; init; }

    /// <summary>Null where no variant has numbers.</summary>
    public static SheetTable? Of(SheetRow row)
    {
        var cells = row.Cells.OfType<SheetCell>().Where(c => c.Found is { First.Count: > 0 }).ToList();
        if (cells.Count == 0)
            return null;
        var tokens = cells.SelectMany(c => c.Found!.First).DistinctBy(t => t.Id).Take(MostTokens).ToList();
        var columns = new List<SheetColumn>();
        var of = new List<int>();
        foreach (var cell in cells)
        {
            // Variants whose CPU is the same program, on the same kind of processor, have the same numbers.
            var values = Values(cell, tokens, t => t.Reference);
            var known = columns.FindIndex(c => c.Name == cell.Reference && c.Values.SequenceEqual(values));
            if (known < 0)
                columns.Add(new(cell.Reference, [cell.Variant], values, null));
            else
                columns[known] = columns[known] with { Variants = [.. columns[known].Variants!, cell.Variant] };
            of.Add(known < 0 ? columns.Count - 1 : known);
        }

        return new()
        {
            Title = $"{row.Workload}: {row.Request}",
            Vector = cells[0].Found!.Kind == NumberKind.Embeddings,
            Tokens = [.. tokens.Select(t => new SheetToken(t.Id, t.Text))],
            Columns = [.. columns, .. cells.Select((c, i) => new SheetColumn(c.Device, null, Values(c, tokens, t => t.Measured), of[i]))],
        };
    }

    private static List<double?> Values(SheetCell cell, IEnumerable<TokenPair> tokens, Func<TokenPair, double?> value) =>
        [.. tokens.Select(t => cell.Found!.First.FirstOrDefault(f => f.Id == t.Id) is { } pair ? value(pair) : null)];
}

/// <param name="Id">The token's number, or the value's place in its vector.</param>
/// <param name="Text">What the token stands for.</param>
public sealed record SheetToken(int Id, string Text);

/// <param name="Name">What gave the numbers.</param>
/// <param name="Variants">Of a reference: the variants whose it is; null for a device, whose name says it.</param>
/// <param name="Values">For each token; null where it is not listed.</param>
/// <param name="Of">For a device: the column that it is compared with.</param>
public sealed record SheetColumn(string Name, IReadOnlyList<string>? Variants, IReadOnlyList<double?> Values, int? Of)
{
    public string Head => Variants is null ? Name : $"{Name} ({string.Join(", ", Variants)})";
}
