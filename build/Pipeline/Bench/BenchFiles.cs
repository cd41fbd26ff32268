using System.Text.Json;
using Gfxbake.Formats.Files;
using Gfxbake.Formats.Text;

namespace Gfxbake.Pipeline.Bench;

/// <summary>Reads and writes bench.json. Such files are passed around, so nothing in one is believed.</summary>
public static class BenchFiles
{
    private const long MostBytes = 16 << 20;
    private const int MostRuns = 64;
    private const int MostSeries = 32;
    private const int MostPoints = 1024;
    private const int MostSamples = 1000;
    private const int MostEntries = 128;
    private const long MostX = 99_999_999;
    private const int LongestText = 400;

    private static readonly JsonSerializerOptions Options = new(RecordFile.Options) { RespectRequiredConstructorParameters = true };

    // A rate or a time beyond it is none.
    private const double MostValue = 1e12;

    /// <exception cref="BenchException">The message starts with the file's name.</exception>
    public static BenchFile Read(string path)
    {
        var name = PlainText.Visible(Path.GetFileName(path));
        try
        {
            using var stream = File.OpenRead(path);
            if (!stream.CanSeek || stream.Length > MostBytes)
                throw new BenchException($"{name}: it is no plain file of at most {SizeText.Of(MostBytes)}");
            var file = JsonSerializer.Deserialize<BenchFile>(stream, Options) ?? throw new BenchException($"{name}: it is empty");
            return Problem(file) is { } problem ? throw new BenchException($"{name}: {problem}") : file;
        }
        catch (JsonException exception)
        {
            throw new BenchException($"{name}: it is no bench.json: {PlainText.Line(exception.Message)}");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new BenchException($"{name}: {exception.Message}");
        }
    }

    public static void Write(string path, BenchFile file) => RecordFile.Write(path, file);

    /// <summary>Refuses curves with holes: what is missing is named.</summary>
    /// <param name="name">The file, for the message.</param>
    /// <param name="runs">What is to be shown.</param>
    /// <exception cref="BenchException">Something is missing.</exception>
    public static void NeedComplete(string name, IReadOnlyList<BenchRecord> runs)
    {
        List<string> missing = [.. runs.SelectMany(r => r.Missing.Select(m => $"{PlainText.Visible(r.Heading)}: {m}"))];
        if (missing.Count > 0)
            throw new BenchException($"{name} is not complete, so it is not shown; missing are\n{TextLines.First(missing)}");
    }

    private static string? Problem(BenchFile file)
    {
        if (file.Schema != BenchFile.CurrentSchema)
            return $"its schema is {file.Schema}; this program reads {BenchFile.CurrentSchema}";
        // Lists may hold null, whatever their types say.
        if (file.Runs.Any(r => r is null || r.Series.Any(s => s is null || s.Points.Any(p => p is null))))
            return "something in it is null";
        if (file.Runs.Count is 0 or > MostRuns)
            return $"it has {file.Runs.Count} runs; 1 to {MostRuns} are possible";
        return file.Runs.Select((r, i) => Problem(r) is { } problem ? $"run {i + 1}: {problem}" : null).FirstOrDefault(p => p is not null);
    }

    private static string? Problem(BenchRecord run)
    {
        IReadOnlyDictionary<string, string>[] tables = [run.Host, run.Settings, run.Subject.Versions];
        if (tables.Any(t => t.Count > MostEntries))
            return $"a table has more than {MostEntries} entries";
        string?[] texts =
        [
            run.Title,
            run.Subject.Name,
            run.Subject.Image,
            run.Model.Name,
            run.Model.Digest,
            run.Device.Name,
            run.Device.Proof,
            .. tables.SelectMany(t => t.Select(e => e.Key)),
            .. tables.SelectMany(t => t.Select(e => e.Value)),
        ];
        if (texts.Any(t => t?.Length > LongestText))
            return $"a text is longer than {LongestText} characters";
        if (run.Series.Count is 0 or > MostSeries)
            return $"it has {run.Series.Count} series; 1 to {MostSeries} are possible";
        return run
            .Series.Select(s => Problem(s) is { } problem ? $"series {PlainText.Line(s.Name)}: {problem}" : null)
            .FirstOrDefault(p => p is not null);
    }

    private static string? Problem(BenchSeries series)
    {
        if (series.Name.Length + series.Unit.Length + series.Axis.Length > LongestText)
            return $"its names are longer than {LongestText} characters";
        if (series.Wanted.Count is 0 or > MostPoints || series.Points.Count > MostPoints)
            return $"1 to {MostPoints} points are possible";
        if (series.Samples is < 1 or > MostSamples || series.Points.Any(p => p.Samples.Count is 0 or > MostSamples))
            return $"a point has 1 to {MostSamples} samples";
        if (series.Wanted.Concat(series.Points.Select(p => p.X)).Any(x => x is < 0 or > MostX))
            return $"{series.Axis} is 0 to {MostX}";
        if (series.Points.DistinctBy(p => p.X).Count() < series.Points.Count)
            return "a point is there twice";
        return series.Points.SelectMany(p => p.Samples).Any(s => !double.IsFinite(s) || s is <= 0 or > MostValue)
            ? "a sample is no positive number"
            : null;
    }
}
