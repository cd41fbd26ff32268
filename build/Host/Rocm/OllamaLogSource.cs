using System.Diagnostics;
using Cake.Core;
using Gfxbake.Formats.Text;

namespace Gfxbake.Host.Rocm;

/// <summary>Where Ollama's log comes from: a file, the standard input, or the journal.</summary>
public sealed class OllamaLogSource : IDisposable
{
    private const string Example = "./build.sh --target=CheckOllama --log=ollama.log";

    // Days of a busy server; the last start is what counts.
    private const string MostLines = "200000";

    private readonly Process? journal;
    private readonly Task<string>? errors;

    private OllamaLogSource(string name, Stream stream) => (Name, Stream) = (name, stream);

    private OllamaLogSource(string name, Process journal)
    {
        (Name, Stream, this.journal) = (name, journal.StandardOutput.BaseStream, journal);
        errors = journal.StandardError.ReadToEndAsync();
    }

    /// <summary>What messages call it.</summary>
    public string Name { get; }

    public Stream Stream { get; }

    /// <exception cref="CakeException">There is no such file, and no journal.</exception>
    public static OllamaLogSource Open(BuildContext context)
    {
        if (context.Value(Arguments.Log) is not { } given)
            return OfJournal(context);
        if (given == "-")
            return new("standard input", Console.OpenStandardInput());
        var path = context.FromCaller(given);
        var missing =
            Directory.Exists(path) ? "a directory"
            : File.Exists(path) ? null
            : "not there";
        if (missing is not null)
            throw new CakeException($"--log={given}: {path} is {missing}; name a log, or - for standard input");
        try
        {
            return new($"--log={given}", new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new CakeException($"--log={given}: {error.Message}");
        }
    }

    /// <summary>Waits for the journal's program.</summary>
    /// <exception cref="CakeException">It refused.</exception>
    public void End()
    {
        if (journal is null)
            return;
        journal.WaitForExit();
        var said = PlainText.Line(errors!.GetAwaiter().GetResult());
        if (journal.ExitCode != 0)
            throw new CakeException($"{Name} failed ({journal.ExitCode}): {said}; name a log instead, for instance {Example}");
    }

    public void Dispose()
    {
        if (journal is { HasExited: false })
            journal.Kill();
        journal?.Dispose();
        Stream.Dispose();
    }

    private static OllamaLogSource OfJournal(BuildContext context)
    {
        var program =
            context.Tools.Resolve("journalctl")
            ?? throw new CakeException(
                $"CheckOllama needs --log=FILE or --log=- here, for instance {Example}; without it the journal is asked, which is not there"
            );
        List<string> words = ["--unit=ollama", "--output=short-iso", "--no-pager", "--lines=" + MostLines];
        if (context.Value(Arguments.Root) is { } root)
            words.Insert(0, "--root=" + context.FromCaller(root));
        var info = new ProcessStartInfo(program.FullPath, words) { RedirectStandardOutput = true, RedirectStandardError = true };
        var process = Process.Start(info) ?? throw new CakeException($"{program} did not start");
        return new($"journalctl {string.Join(' ', words)}", process);
    }
}
