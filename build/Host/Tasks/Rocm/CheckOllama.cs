using System.Text.Json;
using Cake.Core;
using Cake.Frosting;
using Gfxbake.Formats.Files;
using Gfxbake.Host.Rocm;
using Gfxbake.Pipeline.ServerLog;

namespace Gfxbake.Host.Tasks.Rocm;

/// <summary>What Ollama's log says of the GPU. It takes no lock and looks for no engine.</summary>
[TaskName("CheckOllama")]
[TaskDescription("Tells from Ollama's log which GPU computes: --log=FILE")]
public sealed class CheckOllama : FrostingTask<BuildContext>
{
    public override void Run(BuildContext context)
    {
        using var log = OllamaLogSource.Open(context);
        LogReport report;
        try
        {
            report = new LogCheckup(context.Book.OllamaLog).Of(log.Stream);
        }
        catch (IOException error)
        {
            throw new CakeException($"{log.Name} can't be read: {error.Message}");
        }

        log.End();
        var text = context.Flag(Arguments.Json)
            ? JsonSerializer.Serialize(report, RecordFile.Options)
            : string.Join('\n', LogReportText.Lines(report));
        // Spectre's console would break the lines.
        context.CommandLine.Output.WriteLine(text);
        if (!report.UsesGpu)
            throw new CakeException($"{log.Name}: {LogReportText.Verdict(report)}");
    }
}
