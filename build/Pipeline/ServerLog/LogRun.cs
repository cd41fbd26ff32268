using System.Globalization;
using System.Text.RegularExpressions;
using Gfxbake.Formats.Logs;
using Gfxbake.Recipes.Shared;

namespace Gfxbake.Pipeline.ServerLog;

/// <summary>What one start of the server says, line by line.</summary>
internal sealed class LogRun(OllamaLogFacts facts, LogPatterns patterns, long firstLine)
{
    private const int MostDevices = 64;

    private readonly List<LogDevice> devices = [];
    private readonly LogFindings findings = new(facts);
    private Dictionary<string, string> variables = [];
    private LogLoad? load;

    public string? Version { get; set; }

    public void TakeEnvironment(LogLine line)
    {
        var text = line.Fields.GetValueOrDefault(facts.Forms.Environment) ?? line.Text;
        variables = ServerEnvironment
            .Read(text)
            .Where(v => facts.Forms.Variables.Contains(v.Key) && v.Value is not ("" or "false"))
            .ToDictionary(v => v.Key, v => v.Value);
    }

    public void Take(LogLine line)
    {
        if (patterns.Device.IsMatch(line.Text) && line.Fields.TryGetValue("library", out var library))
            Add(line, library);
        else if (patterns.Loading.IsMatch(line.Text))
            load = new() { Line = line.Number, Weights = new Dictionary<string, string>() };
        else if (patterns.Layers.Match(line.Text) is { Success: true } match)
            Layers(line, match);
        else if (patterns.Weights.Select(w => w.Match(line.Text)).FirstOrDefault(m => m.Success) is { } place)
            Weights(line, place);
        else
            findings.Take(line);
    }

    public LogReport Report() =>
        new()
        {
            Verdict = Verdict(),
            Version = Version,
            Starts = 0,
            FirstLine = firstLine,
            Lines = 0,
            CutLines = 0,
            Variables = variables,
            Devices = devices,
            Load = load,
            Findings = findings.Known,
            Unknown = findings.Unknown,
            MoreUnknown = findings.MoreUnknown,
        };

    private LogVerdict Verdict()
    {
        // What failed before a model was loaded well did not last.
        var since = load is { IsOnGpu: true } ? load.Line : 0;
        if (findings.LastError > since && (devices.Any(d => d.IsGpu) || load is { IsOnGpu: true }))
            return LogVerdict.Failed;
        if (load is { IsOnGpu: true })
            return LogVerdict.Computes;
        // A load of which the log says no more is no proof against the GPU: the runner may still be at it.
        if (load is { GpuLayers: 0 } or { Proof: not null })
            return LogVerdict.ModelOnCpu;
        return devices.Any(d => d.IsGpu) ? LogVerdict.Taken : NoGpu();
    }

    private LogVerdict NoGpu() =>
        devices.Count > 0 ? LogVerdict.Cpu
        : findings.LastError > 0 ? LogVerdict.Failed
        : LogVerdict.Unknown;

    private void Add(LogLine line, string library)
    {
        if (devices.Count == MostDevices)
            return;
        var fields = line.Fields;
        devices.Add(
            new()
            {
                Library = library,
                IsGpu = !facts.Forms.Processors.Contains(library, StringComparer.OrdinalIgnoreCase),
                Compute = Known(fields.GetValueOrDefault("compute")),
                Name = Known(fields.GetValueOrDefault("description")) ?? Known(fields.GetValueOrDefault("name")),
                Type = Known(fields.GetValueOrDefault("type")),
                Total = Known(fields.GetValueOrDefault("total")),
                Available = Known(fields.GetValueOrDefault("available")),
                Folders = Known(fields.GetValueOrDefault("libdirs")),
            }
        );
    }

    private void Layers(LogLine line, Match match)
    {
        var (gpu, all) = (Number(match.Groups[1]), Number(match.Groups[2]));
        load = Loaded(line) with { GpuLayers = gpu, Layers = all };
    }

    private void Weights(LogLine line, Match match)
    {
        var name = match.Groups[1].Value;
        var now = Loaded(line);
        load = patterns.HostMemory.IsMatch(name)
            ? now
            : now with
            {
                Weights = new SortedDictionary<string, string>(now.Weights.ToDictionary(), StringComparer.Ordinal)
                {
                    [name] = match.Groups[2].Value,
                },
            };
    }

    /// <summary>The first line that shows where the model lies is its proof; one of a GPU wins over one of main memory.</summary>
    private LogLoad Loaded(LogLine line)
    {
        var now = load ?? new() { Line = line.Number, Weights = new Dictionary<string, string>() };
        return now with { Line = line.Number, Proof = now.IsOnGpu ? now.Proof : line.Text };
    }

    private static int Number(Group group) => int.Parse(group.ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture);

    private static string? Known(string? value) => string.IsNullOrEmpty(value) ? null : value;
}
