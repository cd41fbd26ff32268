using Gfxbake.Formats.Files;
using Gfxbake.Pipeline.Minimal;
using Gfxbake.Pipeline.Numbers;
using Gfxbake.Pipeline.Steps;
using Gfxbake.Pipeline.Trace;
using Gfxbake.Pipeline.Verify;
using Gfxbake.Recipes.Model;

namespace Gfxbake.Pipeline.Outputs.Report;

/// <summary>A variant's verify.json as the report takes it: a server's words are in it, and it may be of another machine.</summary>
/// <param name="Record">What it says, bounded; null when there is nothing that can be shown.</param>
/// <param name="Why">Why there is nothing; else empty.</param>
public sealed record VerifyFile(VerifyRecord? Record, string Why)
{
    private const long MostBytes = 4 << 20;
    private const int MostWorkloads = 200;
    private const int MostTokens = 10;
    private const int LongestText = 64;
    private const int LongestName = 100;

    /// <summary>No log probability and no value of a vector is so large.</summary>
    private const double Most = 1e9;

    public static VerifyFile Read(BuildPaths paths)
    {
        var file = new FileInfo(paths.VerifyRecord);
        if (!file.Exists)
            return new(null, "not run (no verify.json)");
        if (file.Length > MostBytes)
            return new(null, "not shown (verify.json is longer than 4 MiB)");
        if (RecordFile.TryRead<VerifyRecord>(file.FullName) is not { } record)
            return new(null, "not shown (verify.json can't be read)");
        string[] built =
        [
            .. new[] { paths.CandidateRecord, paths.MinimalRecord }
                .Select(RecordFile.TryRead<MinimalRecord>)
                .OfType<MinimalRecord>()
                .Select(r => r.ImageId),
        ];
        return built.Length == 0 || built.Contains(record.ImageId)
            ? new(Bounded(record), "")
            : new(null, "not shown (verify.json is of another image)");
    }

    private static VerifyRecord Bounded(VerifyRecord record) =>
        record with
        {
            Workloads =
            [
                .. record
                    .Workloads.OfType<WorkloadVerdict>()
                    .Take(MostWorkloads)
                    .Select(v =>
                        v with
                        {
                            Name = Cut(v.Name, LongestName),
                            Problems = [.. v.Problems.Select(p => p ?? "?")],
                            Numbers = [.. v.Numbers.OfType<NumberComparison>().Take(MostTokens).Where(IsUsable).Select(Bounded)],
                        }
                    ),
            ],
        };

    private static bool IsUsable(NumberComparison found) => IsNumber(found.Largest) && IsNumber(found.Limit);

    private static NumberComparison Bounded(NumberComparison found) =>
        found with
        {
            Request = Cut(found.Request, LongestName),
            Against = Cut(found.Against, LongestName),
            Divergence = found.Divergence is { } divergence && IsNumber(divergence) ? divergence : null,
            Place =
                found.Place is { } place && IsUsable(place.Token, found.Kind)
                    ? place with
                    {
                        Token = Bounded(place.Token, found.Kind),
                    }
                    : null,
            First = [.. found.First.Where(t => IsUsable(t, found.Kind)).Take(MostTokens).Select(t => Bounded(t, found.Kind))],
        };

    private static bool IsUsable(TokenPair? token, NumberKind kind) => token is not null && IsValue(token.Reference, kind);

    private static TokenPair Bounded(TokenPair token, NumberKind kind) =>
        token with
        {
            Text = Cut(token.Text, LongestText),
            Measured = token.Measured is { } measured && IsValue(measured, kind) ? measured : null,
        };

    // The logarithm of a probability is not above 0; rounding adds little.
    private static bool IsValue(double value, NumberKind kind) => IsNumber(value) && (kind == NumberKind.Embeddings || value <= 0.001);

    private static bool IsNumber(double value) => Math.Abs(value) <= Most;

    private static string Cut(string text, int most) =>
        text.Length <= most ? text : text[..(char.IsHighSurrogate(text[most - 1]) ? most - 1 : most)] + "…";
}
