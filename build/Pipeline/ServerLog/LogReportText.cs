using Gfxbake.Formats.Text;

namespace Gfxbake.Pipeline.ServerLog;

/// <summary>A report for people: 80 columns, no colour, and nothing of the log as it was.</summary>
public static class LogReportText
{
    private const int Columns = 80;
    private const int HeadColumns = 9;
    private const int MostCharacters = 400;

    private static readonly string Indent = new(' ', HeadColumns);

    public static IEnumerable<string> Lines(LogReport report) =>
        Texts(report).SelectMany(t => TextLines.Wrap(t, Columns, Indent)).SelectMany(Cut).Append("").Concat(Ending(report));

    /// <summary>One sentence on the last start.</summary>
    public static string Verdict(LogReport report) =>
        report.Verdict switch
        {
            LogVerdict.Computes => $"A GPU computes: the model lies in {TextLines.List([.. Places(report.Load!)])}.",
            LogVerdict.Taken => "Ollama has taken a GPU; no model was loaded yet, so it is not shown that it computes.",
            LogVerdict.ModelOnCpu => "The last model lies in main memory: the CPU computes.",
            LogVerdict.Failed => "A GPU was tried and failed, or the log says no more than errors.",
            LogVerdict.Cpu => "Ollama has no GPU: the CPU computes.",
            _ => "The log does not say which device computes; it needs the lines from the server's start on.",
        };

    private static IEnumerable<string> Texts(LogReport report)
    {
        var where = report.Starts > 1 ? $"the last of {report.Starts:N0} starts in the log, from line {report.FirstLine:N0} on" : "";
        var version =
            report.Version is { } number ? $"Ollama {Shown(number)}"
            : report.Starts > 0 ? "Ollama"
            : "No start of Ollama in the log";
        yield return where.Length == 0 ? version : $"{version}: {where}";
        foreach (var device in report.Devices)
            yield return Head(device.IsGpu ? "GPU" : "CPU") + Shown(Device(device));
        foreach (var (name, value) in report.Variables)
            yield return Head("set") + Shown($"{name}={value}");
        if (report.Load is { Proof: not null } load)
            yield return Head("model") + Shown(Model(load));
        foreach (var finding in report.Findings)
        {
            yield return Head(finding.Level.ToString().ToLowerInvariant()) + finding.Meaning;
            yield return Indent + Place(finding.Count, finding.FirstLine, finding.LastLine) + Shown(finding.Text);
            yield return $"{Indent}({finding.Source}, read {finding.Read})";
            if (finding.Remedy is { } remedy)
                yield return $"{Indent}Do: {remedy}";
        }

        foreach (var failure in report.Unknown)
            yield return Head("unknown") + Place(failure.Count, failure.FirstLine, failure.LastLine) + Shown(failure.Text);
        if (report.MoreUnknown > 0)
            yield return $"{Head("unknown")}and {report.MoreUnknown:N0} more lines of errors and warnings";
        if (report.CutLines > 0)
            yield return $"{Head("note")}{report.CutLines:N0} of {report.Lines:N0} lines are too long; only their start was read.";
    }

    private static IEnumerable<string> Ending(LogReport report) => TextLines.Wrap(Verdict(report), Columns, "");

    private static string Head(string word) => word.PadRight(HeadColumns);

    private static string Place(int count, long first, long last) =>
        count == 1 ? $"line {first:N0}: " : $"{count:N0} times, lines {first:N0} to {last:N0}: ";

    private static string Device(LogDevice device) =>
        string.Join(
            ", ",
            new[]
            {
                device.Compute is null ? device.Library : $"{device.Library} {device.Compute}",
                device.Name == device.Library ? null : device.Name,
                device.Type,
                device.Total is null ? null : $"{device.Total} ({device.Available ?? "?"} free)",
                device.Folders is null ? null : $"libraries in {device.Folders}",
            }.OfType<string>()
        );

    private static string Model(LogLoad load)
    {
        var layers = load.GpuLayers is { } gpu ? $"{gpu:N0} of {load.Layers:N0} layers on the GPU" : null;
        var weights = load.Weights.Count > 0 ? string.Join(", ", load.Weights.Select(w => $"{w.Value} in {w.Key}")) : null;
        return string.Join("; ", new[] { layers, weights, load.IsOnGpu ? null : "all of it in main memory" }.OfType<string>());
    }

    private static IEnumerable<string> Places(LogLoad load) => load.Weights.Count > 0 ? load.Weights.Keys.Select(Shown) : ["a GPU"];

    private static string Shown(string text) =>
        PlainText.Visible(text.Length <= MostCharacters ? text : text[..MostCharacters] + "…").Trim();

    /// <summary>A word that is longer than the screen: what a log holds is nothing to copy.</summary>
    private static IEnumerable<string> Cut(string line) =>
        line.Length <= Columns
            ? [line]
            : new[] { line[..Columns] }.Concat(line[Columns..].Chunk(Columns - HeadColumns).Select(c => Indent + new string(c)));
}
