using Gfxbake.Recipes.Shared;

namespace Gfxbake.Pipeline.Bench;

/// <summary>Fills one record from what llama-bench prints, line by line; the record is whole after every line.</summary>
public sealed class BenchSession
{
    private const int LongestProof = 200;

    private readonly BenchFacts facts;
    private readonly ProofLines proofs;
    private bool first = true;

    /// <param name="record">With the curves that are wanted, and the points that an earlier sitting measured.</param>
    /// <param name="facts">How rows are read.</param>
    /// <param name="proofs">Regular expressions for lines that must all be there; none on the CPU.</param>
    public BenchSession(BenchRecord record, BenchFacts facts, IReadOnlyList<string> proofs)
    {
        Record = Whole(record);
        this.facts = facts;
        this.proofs = new ProofLines(proofs);
    }

    public BenchRecord Record { get; private set; }

    /// <summary>The depths that are not measured yet.</summary>
    public IReadOnlyList<long> Left => [.. Depths(Record).Where(d => !IsThere(Record, d))];

    /// <summary>The seconds that the rest takes, by what was measured so far; null as long as one curve has no point.</summary>
    /// <remarks>Each depth is read once; then both lengths are measured as often as there are samples, and once before that.</remarks>
    public double? SecondsLeft
    {
        get
        {
            double seconds = 0;
            foreach (var series in Record.Series)
            {
                if (series.Points.Count == 0)
                    return null;
                var rate = series.Points.MaxBy(p => p.X)!.Median;
                var tokens = long.Parse(series.Name[2..], System.Globalization.CultureInfo.InvariantCulture);
                var missing = series.Wanted.Where(x => !series.Points.Any(p => p.X == x)).ToList();
                var reads = series.Name.StartsWith("pp", StringComparison.Ordinal);
                seconds += missing.Sum(x => ((reads ? x + tokens : 0) + (tokens * series.Samples)) / rate);
            }

            return seconds;
        }
    }

    /// <summary>A record of which nothing is measured yet.</summary>
    public static IReadOnlyList<BenchSeries> Curves(BenchProfile profile) =>
        [
            .. new[] { $"pp{profile.Prompt}", $"tg{profile.Generate}" }.Select(name => new BenchSeries
            {
                Name = name,
                Unit = "tokens/s",
                Axis = "depth",
                Wanted = profile.Depths,
                Samples = profile.Samples,
                Points = [],
            }),
        ];

    /// <summary>Whether an earlier sitting measured the same things and was interrupted.</summary>
    /// <param name="earlier">What is there.</param>
    /// <param name="wanted">Records without points.</param>
    public static bool Continues(BenchFile earlier, IReadOnlyList<BenchRecord> wanted) =>
        earlier.Runs.Count == wanted.Count
        && earlier.Runs.Any(r => r.Missing.Count > 0)
        && earlier.Runs.Zip(wanted).All(p => AsksTheSame(p.First, p.Second));

    private static bool AsksTheSame(BenchRecord earlier, BenchRecord wanted) =>
        IsSame(earlier, wanted)
        && wanted.Settings.All(s => earlier.Settings.GetValueOrDefault(s.Key) == s.Value)
        && earlier.Series.Select(Shape).SequenceEqual(wanted.Series.Select(Shape));

    /// <summary>A line of the standard output: a row. Null when the line is empty or the row is known.</summary>
    /// <exception cref="BenchException">It is no row, or not one that was asked for.</exception>
    public LlamaBenchRow? Output(string line)
    {
        if (string.IsNullOrWhiteSpace(line))
            return null;
        var row = LlamaBenchRow.Read(line, facts);
        var series =
            Record.Series.FirstOrDefault(s =>
                s.Name == row.Series && s.Wanted.Contains(row.Depth) && (row.Prompt == 0 || row.Generate == 0)
            ) ?? throw new BenchException($"llama-bench measured {row.Series} at depth {row.Depth}, which nobody asked for");
        if (row.Samples.Count != series.Samples)
        {
            throw new BenchException(
                $"llama-bench took {row.Samples.Count} samples of {row.Series} at depth {row.Depth}, not {series.Samples}"
            );
        }

        NeedSameSettings(row);
        if (series.Points.Any(p => p.X == row.Depth && p.Samples.SequenceEqual(row.Samples)))
            return null;
        var points = series.Points.Where(p => p.X != row.Depth).Append(new BenchPoint(row.Depth, row.Samples));
        Record = Record with
        {
            Series = [.. Record.Series.Select(s => s == series ? s with { Points = [.. points.OrderBy(p => p.X)] } : s)],
        };
        return row;
    }

    /// <summary>A line of the standard error: perhaps the proof.</summary>
    public void Error(string line)
    {
        proofs.Add(line);
        if (Record.Device.Proof is null && proofs.Text is { } proof)
            Record = Record with { Device = Record.Device with { Proof = proof.Length <= LongestProof ? proof : proof[..LongestProof] } };
    }

    /// <summary>Whether every proof was seen, or none is needed.</summary>
    public bool IsProven => proofs.AreFound;

    private void NeedSameSettings(LlamaBenchRow row)
    {
        var settings = new Dictionary<string, string>(Record.Settings, StringComparer.Ordinal);
        var versions = new Dictionary<string, string>(Record.Subject.Versions, StringComparer.Ordinal);
        List<string> changed = [.. Changed(settings, row.Settings), .. Changed(versions, row.Versions)];
        if (changed.Count > 0)
        {
            throw new BenchException(
                $"llama-bench now runs with other settings than before, and both can't stand in one record: {string.Join(", ", changed)}"
            );
        }

        if (!first)
            return;
        first = false;
        Record = Record with { Settings = settings, Subject = Record.Subject with { Versions = versions } };
    }

    /// <summary>Adds what is new; tells what is there with another value.</summary>
    private static List<string> Changed(Dictionary<string, string> known, IReadOnlyDictionary<string, string> told) =>
        [
            .. told.Where(t => !known.TryAdd(t.Key, t.Value) && known[t.Key] != t.Value)
                .Select(t => $"{t.Key} was {known[t.Key]} and is {t.Value}"),
        ];

    /// <summary>A depth that was not measured whole is measured again: its curves belong to one moment.</summary>
    private static BenchRecord Whole(BenchRecord record) =>
        record with
        {
            Series = [.. record.Series.Select(s => s with { Points = [.. s.Points.Where(p => IsThere(record, p.X))] })],
        };

    private static IEnumerable<long> Depths(BenchRecord record) => record.Series.SelectMany(s => s.Wanted).Distinct().Order();

    private static bool IsThere(BenchRecord record, long depth) =>
        record.Series.All(s => s.Points.Any(p => p.X == depth && p.Samples.Count >= s.Samples));

    private static bool IsSame(BenchRecord a, BenchRecord b) =>
        a.Subject.Name == b.Subject.Name
        && a.Subject.Image == b.Subject.Image
        && a.Model == b.Model
        && a.Device with { Proof = null } == b.Device with { Proof = null }
        && a.Host.OrderBy(h => h.Key, StringComparer.Ordinal).SequenceEqual(b.Host.OrderBy(h => h.Key, StringComparer.Ordinal));

    private static string Shape(BenchSeries series) =>
        $"{series.Name} {series.Unit} {series.Axis} {series.Samples} {string.Join(',', series.Wanted)}";
}
