using System.Text.Json.Serialization;

namespace Gfxbake.Pipeline.Bench;

/// <summary>Measurements that were asked for together (bench.json, docs/bench.md).</summary>
public sealed record BenchFile
{
    /// <summary>What changes when an older reader would misread the file.</summary>
    public const int CurrentSchema = 1;

    public required int Schema { get; init; }

    public required IReadOnlyList<BenchRecord> Runs { get; init; }
}

/// <summary>One thing that was measured on one device: curves of samples. It holds nothing that names the machine or its owner.</summary>
public sealed record BenchRecord
{
    /// <summary>What every title of something that is no measurement of a GPU ends with.</summary>
    public const string NoGpu = "no measurement of a GPU";

    /// <summary>For people.</summary>
    public required string Title { get; init; }

    public required BenchSubject Subject { get; init; }

    public required BenchModel Model { get; init; }

    public required BenchDevice Device { get; init; }

    /// <summary>The machine, by names of facts: kernel, gpu, memory.</summary>
    public required IReadOnlyDictionary<string, string> Host { get; init; }

    /// <summary>What the program was told, and what it says of itself: load_mode, n_batch.</summary>
    public required IReadOnlyDictionary<string, string> Settings { get; init; }

    public required IReadOnlyList<BenchSeries> Series { get; init; }

    /// <summary>When the first and when the last point was begun and ended.</summary>
    public required DateTimeOffset Started { get; init; }

    public required DateTimeOffset Ended { get; init; }

    /// <summary>In how many runs of the build program it was measured: more than one after an interruption.</summary>
    public int Sittings { get; init; } = 1;

    /// <summary>The title, which always says where no GPU was measured, whatever somebody wrote there.</summary>
    [JsonIgnore]
    public string Heading => Device.IsMeasurement || Title.EndsWith(NoGpu, StringComparison.Ordinal) ? Title : $"{Title}: {NoGpu}";

    /// <summary>What was asked for and is not there, for instance "pp512 at depth 8192: 1 of 3 samples".</summary>
    [JsonIgnore]
    public IReadOnlyList<string> Missing =>
        [
            .. Series.SelectMany(s => s.Missing),
            .. Device is { IsGpu: true, Proof: null } ? [$"the proof that {Device.Name} was used"] : Array.Empty<string>(),
        ];
}

/// <summary>The program that was measured.</summary>
public sealed record BenchSubject
{
    /// <summary>Recipe and variant, or the name of a server.</summary>
    public required string Name { get; init; }

    /// <summary>The image's id; null where no image was measured.</summary>
    public string? Image { get; init; }

    /// <summary>By name: image, build, rocr.</summary>
    public required IReadOnlyDictionary<string, string> Versions { get; init; }
}

/// <summary>The model that ran.</summary>
/// <param name="Name">Its file or its preset.</param>
/// <param name="Digest">SHA-256 of its files, one after the other.</param>
/// <param name="Bytes">Their size.</param>
public sealed record BenchModel(string Name, string Digest, long Bytes);

/// <summary>What computed.</summary>
/// <param name="Name">As sentences name it after "on": gfx1151, the CPU, the null GPU.</param>
/// <param name="IsGpu">Whether it is a real GPU; the CPU and what stands in for a GPU are none.</param>
/// <param name="Computes">Whether its results are right; a null device takes kernels and runs none.</param>
/// <param name="Proof">The line of the program's log that says it was used; null for the CPU, which says nothing.</param>
public sealed record BenchDevice(string Name, bool IsGpu, bool Computes, string? Proof = null)
{
    /// <summary>Whether the figures say something about a GPU.</summary>
    [JsonIgnore]
    public bool IsMeasurement => IsGpu && Computes;

    /// <summary>For each row of a table, which may cut it: what must not be missed comes first.</summary>
    [JsonIgnore]
    public string Label =>
        IsMeasurement ? Name
        : Computes ? $"no GPU: {Name}"
        : $"computes nothing: {Name}";
}

/// <summary>One curve.</summary>
public sealed record BenchSeries
{
    /// <summary>For instance "pp512" or "sequential".</summary>
    public required string Name { get; init; }

    /// <summary>Of the samples: "tokens/s", "s".</summary>
    public required string Unit { get; init; }

    /// <summary>What x is: "depth", "clients".</summary>
    public required string Axis { get; init; }

    public bool LowerIsBetter { get; init; }

    /// <summary>The points that were asked for.</summary>
    public required IReadOnlyList<long> Wanted { get; init; }

    /// <summary>How many samples each has.</summary>
    public required int Samples { get; init; }

    /// <summary>What was measured so far, by x.</summary>
    public required IReadOnlyList<BenchPoint> Points { get; init; }

    [JsonIgnore]
    public IReadOnlyList<string> Missing =>
        [
            .. Wanted
                .Select(x => (X: x, Count: Points.FirstOrDefault(p => p.X == x)?.Samples.Count ?? 0))
                .Where(w => w.Count < Samples)
                .Select(w => $"{Name} at {Axis} {w.X}: {w.Count} of {Samples} samples"),
        ];
}

/// <summary>The samples of one point, in the order in which they were taken.</summary>
public sealed record BenchPoint(long X, IReadOnlyList<double> Samples)
{
    [JsonIgnore]
    public double Median
    {
        get
        {
            List<double> sorted = [.. Samples.Order()];
            var middle = sorted.Count / 2;
            return sorted.Count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
        }
    }

    [JsonIgnore]
    public double Least => Samples.Min();

    [JsonIgnore]
    public double Most => Samples.Max();
}
