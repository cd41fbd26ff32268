using System.Diagnostics;
using System.Net.Http.Json;
using Cake.Common.Diagnostics;
using Cake.Core;
using Gfxbake.Formats.Text;
using Gfxbake.Host.Steps;
using Gfxbake.Pipeline.Building;
using Gfxbake.Pipeline.ServerLog;

namespace Gfxbake.Host.Ollama;

/// <summary>Runs `ollama serve` for a person, with its log in a file; what the log says of the GPU is told in the end.</summary>
/// <param name="context">The build.</param>
public sealed class OllamaServer(BuildContext context)
{
    private const int LogTail = 12;

    private static readonly TimeSpan Starting = TimeSpan.FromSeconds(90);
    private static readonly TimeSpan Answering = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan Ending = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(300);

    private readonly OllamaLaunch launch = new(context);
    private readonly Lock gate = new();

    /// <exception cref="CakeException">It does not start, does not answer, or uses no GPU.</exception>
    public void Run()
    {
        var settings = launch.Settings();
        if (DryRun.Asked(context))
        {
            context.CommandLine.Output.Write(OllamaLaunch.Text(settings));
            var own = launch.Own.Select(v => $"{v.Key}={ShellText.Quote(v.Value)}");
            foreach (var line in ShellText.Lines([.. own, settings.Program, "serve"], ""))
                context.CommandLine.Output.WriteLine(line);
            return;
        }

        launch.WriteFile(settings);
        foreach (var reason in settings.Reasons)
            context.Information("  {0}", reason);
        using var log = new StreamWriter(context.Paths.OllamaServerLog) { AutoFlush = true };
        using var process = Start(settings, log);
        context.Interruption.Cleaning = () =>
        {
            Stop(process);
            Told();
        };
        try
        {
            Wait(process);
            Ready(settings);
            if (context.Flag(Arguments.CheckFlag))
                Check(process);
            else
                process.WaitForExit();
            context.Interruption.ParkIfRequested();
        }
        finally
        {
            context.Interruption.Cleaning = null;
            if (!context.Interruption.Requested)
                Stop(process);
        }

        var report = Told();
        if (!report.UsesGpu)
            throw new CakeException($"{context.Paths.Show(context.Paths.OllamaServerLog)}: {LogReportText.Verdict(report)}");
    }

    private Process Start(ServerSettings settings, StreamWriter log)
    {
        var info = new ProcessStartInfo(settings.Program, ["serve"]) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var name in context.Book.OllamaBuild.Unread.Where(n => info.Environment.Remove(n)))
            context.Warning("  {0} is set, and no Ollama reads it: it is left out", name);
        foreach (var (name, value) in settings.Variables.Concat(launch.Own))
            info.Environment[name] = value;
        var process = Process.Start(info) ?? throw new CakeException($"{settings.Program} did not start");
        process.OutputDataReceived += (_, line) => Write(log, line.Data);
        process.ErrorDataReceived += (_, line) => Write(log, line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }

    private void Write(StreamWriter log, string? line)
    {
        if (line is null)
            return;
        lock (gate)
            log.WriteLine(line);
    }

    private void Wait(Process process)
    {
        using var http = new HttpClient { BaseAddress = new($"http://127.0.0.1:{launch.Port}"), Timeout = TimeSpan.FromSeconds(5) };
        for (var end = context.Time.GetUtcNow() + Starting; ; context.Interruption.Sleep(Pause))
        {
            if (process.HasExited)
                throw new CakeException($"ollama ended with status {process.ExitCode} before it answered:\n{Tail()}");
            try
            {
                using var answer = http.GetAsync("/api/version", context.Interruption.Token).GetAwaiter().GetResult();
                if (answer.IsSuccessStatusCode)
                    return;
            }
            catch (Exception error) when (error is HttpRequestException or TaskCanceledException && !context.Interruption.Requested)
            {
                // It is starting.
            }

            if (context.Time.GetUtcNow() > end)
                throw new CakeException($"ollama did not answer on port {launch.Port} within {Starting.TotalSeconds:F0} s:\n{Tail()}");
        }
    }

    private void Ready(ServerSettings settings)
    {
        context.Information(
            "  it answers on http://127.0.0.1:{0}; log: {1}",
            launch.Port,
            context.Paths.Show(context.Paths.OllamaServerLog)
        );
        if (context.Flag(Arguments.CheckFlag))
            return;
        context.Information("Next, elsewhere: OLLAMA_HOST=127.0.0.1:{0} {1} run MODEL", launch.Port, settings.Program);
        context.Information("Ctrl-C ends it here, and tells what the log says of the GPU");
    }

    /// <summary>Waits until the log says which device was taken, and lets a model answer where one is named.</summary>
    private void Check(Process process)
    {
        for (
            var end = context.Time.GetUtcNow() + Starting;
            context.Time.GetUtcNow() < end && !process.HasExited;
            context.Interruption.Sleep(Pause)
        )
        {
            if (Report().Verdict != LogVerdict.Unknown)
                break;
        }

        if (context.Value(Arguments.HealthModel) is not { } model)
            return;
        using var http = new HttpClient { BaseAddress = new($"http://127.0.0.1:{launch.Port}"), Timeout = Answering };
        var question = new
        {
            model,
            prompt = "Say hello.",
            stream = false,
            options = new { num_predict = 8, temperature = 0 },
        };
        using var answer = http.PostAsJsonAsync("/api/generate", question, context.Interruption.Token).GetAwaiter().GetResult();
        var said = answer.Content.ReadAsStringAsync().GetAwaiter().GetResult();
        context.Information("  {0}: status {1}: {2}", model, (int)answer.StatusCode, PlainText.Line(said));
    }

    private LogReport Told()
    {
        var report = Report();
        foreach (var line in LogReportText.Lines(report))
            context.CommandLine.Output.WriteLine(line);
        return report;
    }

    private LogReport Report()
    {
        using var log = new FileStream(context.Paths.OllamaServerLog, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        return new LogCheckup(context.Book.OllamaLog).Of(log);
    }

    private string Tail()
    {
        lock (gate)
        {
            using var log = new FileStream(context.Paths.OllamaServerLog, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            using var reader = new StreamReader(log);
            return string.Join('\n', reader.ReadToEnd().TrimEnd().Split('\n').TakeLast(LogTail).Select(l => "  " + PlainText.Visible(l)));
        }
    }

    /// <summary>A terminal's Ctrl-C reaches the server too; asking twice does no harm.</summary>
    private static void Stop(Process process)
    {
        if (process.HasExited)
            return;
        Processes.Ask(process.Id);
        if (!process.WaitForExit(Ending))
            process.Kill(entireProcessTree: true);
        process.WaitForExit();
    }
}
