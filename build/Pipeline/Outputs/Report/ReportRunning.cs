using System.Text.Json;
using System.Text.Json.Serialization;
using Gfxbake.Formats.Files;
using Gfxbake.Pipeline.Bench;
using Gfxbake.Pipeline.Run;
using Gfxbake.Pipeline.Steps;

namespace Gfxbake.Pipeline.Outputs.Report;

/// <summary>What Doctor, FitModel and Bench left beside a build. Each is there or not; the page says how to get what is not.</summary>
public sealed record ReportRunning
{
    private const long MostDoctor = 1 << 20;
    private const int MostFits = 50;

    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    /// <summary>What Doctor found last.</summary>
    public HostReport? Doctor { get; init; }

    /// <summary>Models that FitModel was asked for with --record.</summary>
    public IReadOnlyList<FitSheet> Fits { get; init; } = [];

    /// <summary>Complete measurements.</summary>
    public IReadOnlyList<BenchRecord> Runs { get; init; } = [];

    /// <summary>Why measurements that are there are not shown.</summary>
    public string? Refused { get; init; }

    public static ReportRunning Read(BuildPaths paths)
    {
        var doctor = new FileInfo(paths.Doctor);
        var running = new ReportRunning
        {
            Doctor =
                doctor is { Exists: true, Length: <= MostDoctor }
                && RecordFile.TryRead<HostReport>(paths.Doctor) is { } report
                && report.Findings.All(f => f is not null)
                    ? report
                    : null,
            Fits = Directory.Exists(paths.Fits)
                ?
                [
                    .. Directory
                        .EnumerateFiles(paths.Fits, "*.json")
                        .Order(StringComparer.Ordinal)
                        .Take(MostFits)
                        .Select(FitSheet.TryRead)
                        .OfType<FitSheet>(),
                ]
                : [],
        };
        if (!File.Exists(paths.Bench))
            return running;
        try
        {
            var runs = BenchFiles.Read(paths.Bench).Runs;
            BenchFiles.NeedComplete(paths.Show(paths.Bench), runs);
            return running with { Runs = [.. runs.Take(BenchSvg.MostRuns)] };
        }
        catch (BenchException exception)
        {
            return running with { Refused = exception.Message };
        }
    }

    /// <summary>Writes it for the page: its own words, never markup.</summary>
    internal void Write(Utf8JsonWriter json) =>
        JsonSerializer.Serialize(
            json,
            new
            {
                Doctor = Doctor is null
                    ? null
                    : new
                    {
                        Verdict = HostText.Verdict(Doctor),
                        Doctor.Recipe,
                        Doctor.Variant,
                        Doctor.Findings,
                    },
                Fits,
                Runs = Runs.Select(r => new
                {
                    r.Heading,
                    Device = r.Device.Label,
                    r.Device.Proof,
                    r.Subject.Image,
                    r.Subject.Versions,
                    r.Host,
                    r.Settings,
                    Series = r.Series.Select(s => new
                    {
                        s.Name,
                        s.Unit,
                        s.Axis,
                        Points = s.Points.Select(p => new
                        {
                            p.X,
                            p.Median,
                            p.Least,
                            p.Most,
                        }),
                    }),
                }),
                Refused,
            },
            Options
        );
}
