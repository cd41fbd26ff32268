namespace Gfxbake.Pipeline.Bench;

/// <summary>What became of one point.</summary>
public enum BenchVerdict
{
    /// <summary>The samples' own spread may explain the difference.</summary>
    WithinNoise,
    Better,
    Worse,

    /// <summary>The spread of so few samples says nothing.</summary>
    TooFewSamples,
}

/// <summary>One point of both runs.</summary>
public sealed record BenchPair(BenchSeries Series, BenchPoint First, BenchPoint Second)
{
    // Two samples each lie apart in one of three cases by chance alone.
    private const int FewestSamples = 3;

    /// <summary>The second median over the first.</summary>
    public double Ratio => Second.Median / First.Median;

    /// <summary>
    /// A difference counts where no sample of the one lies among those of the other, and the medians differ by more than either spread.
    /// </summary>
    public BenchVerdict Verdict
    {
        get
        {
            if (First.Samples.Count < FewestSamples || Second.Samples.Count < FewestSamples)
                return BenchVerdict.TooFewSamples;
            var apart = Second.Least > First.Most || Second.Most < First.Least;
            var spread = Math.Max(First.Most - First.Least, Second.Most - Second.Least);
            if (!apart || Math.Abs(Second.Median - First.Median) <= spread)
                return BenchVerdict.WithinNoise;
            return Second.Median > First.Median != Series.LowerIsBetter ? BenchVerdict.Better : BenchVerdict.Worse;
        }
    }
}

/// <summary>Two runs of one model, point by point.</summary>
/// <param name="First">The run that the other is held against.</param>
/// <param name="Second">The other.</param>
/// <param name="Pairs">The points that both have.</param>
public sealed record BenchComparison(BenchRecord First, BenchRecord Second, IReadOnlyList<BenchPair> Pairs)
{
    /// <summary>What differs between the two beside the samples: name, first and second value, null where it is not there.</summary>
    public IReadOnlyList<(string Name, string? First, string? Second)> Differences =>
        [.. Facts(First).Keys.Union(Facts(Second).Keys).Select(k => (k, Of(First, k), Of(Second, k))).Where(d => d.Item2 != d.Item3)];

    /// <summary>Pairs the runs of two files by their models.</summary>
    /// <exception cref="BenchException">A run is not complete, or the two have no model or no point in common.</exception>
    public static IReadOnlyList<BenchComparison> Of(string firstName, BenchFile first, string secondName, BenchFile second)
    {
        BenchFiles.NeedComplete(firstName, first.Runs);
        BenchFiles.NeedComplete(secondName, second.Runs);
        var pairs = first
            .Runs.Select(a => (a, b: second.Runs.FirstOrDefault(b => b.Model.Digest == a.Model.Digest)))
            .Where(p => p.b is not null)
            .Select(p => Of(p.a, p.b!))
            .ToList();
        if (pairs.Count == 0)
        {
            throw new BenchException(
                $"{firstName} and {secondName} measured different models, which can't be compared:\n"
                    + $"  {Models(first)}\n  {Models(second)}"
            );
        }

        return pairs.Exists(p => p.Pairs.Count > 0)
            ? pairs
            : throw new BenchException($"{firstName} and {secondName} have no point in common: other depths, or other lengths of prompt");
    }

    private static BenchComparison Of(BenchRecord first, BenchRecord second) =>
        new(
            first,
            second,
            [
                .. first.Series.SelectMany(a =>
                    second
                        .Series.Where(b => b.Name == a.Name && b.Unit == a.Unit && b.Axis == a.Axis)
                        .SelectMany(b => a.Points.Join(b.Points, p => p.X, p => p.X, (p, q) => new BenchPair(a, p, q)))
                        .OrderBy(p => p.First.X)
                ),
            ]
        );

    private static string Models(BenchFile file) =>
        string.Join(", ", file.Runs.Select(r => $"{Formats.Text.PlainText.Visible(r.Model.Name)} ({Short(r.Model.Digest)})"));

    private static string Short(string digest) => Formats.Text.PlainText.Visible(digest.Length > 19 ? digest[..19] + "…" : digest);

    private static string? Of(BenchRecord run, string name) => Facts(run).GetValueOrDefault(name);

    private static Dictionary<string, string> Facts(BenchRecord run)
    {
        var facts = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["subject"] = run.Subject.Name,
            ["device"] = run.Device.Label,
        };
        if (run.Subject.Image is { } image)
            facts["image"] = Short(image);
        foreach (var (name, value) in run.Subject.Versions)
            facts["version " + name] = value;
        foreach (var (name, value) in run.Host)
            facts["host " + name] = value;
        foreach (var (name, value) in run.Settings)
            facts["setting " + name] = value;
        return facts;
    }
}
