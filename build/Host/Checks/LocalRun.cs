using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;
using Gfxbake.Pipeline.Steps;

namespace Gfxbake.Host.Checks;

/// <summary>A program that runs on this machine; its output is bounded.</summary>
internal sealed partial class LocalRun : IContainer
{
    private const int MostOutput = 4 << 20;
    private const int Interruption = 2;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly BuildContext context;
    private readonly Process process;
    private readonly int port;
    private readonly Task<string> output;
    private readonly Task<string> errors;

    /// <param name="context">Can be interrupted.</param>
    /// <param name="process">Just started.</param>
    /// <param name="port">Where it listens.</param>
    public LocalRun(BuildContext context, Process process, int port)
    {
        (this.context, this.process, this.port) = (context, process, port);
        process.StandardInput.Close();
        output = Task.Run(() => Read(process.StandardOutput));
        errors = Task.Run(() => Read(process.StandardError));
    }

    public bool HasExited => process.HasExited;

    /// <summary>All that it has written, once it has ended.</summary>
    public string Stdout => Ended(output);

    public string Stderr => Ended(errors);

    public int? Wait(TimeSpan limit)
    {
        var end = DateTime.UtcNow + limit;
        while (!process.WaitForExit(TimeSpan.FromMilliseconds(100)))
        {
            context.Interruption.ThrowIfRequested();
            if (DateTime.UtcNow > end)
                return null;
        }

        return process.ExitCode;
    }

    public void Kill()
    {
        if (!process.HasExited)
            process.Kill(entireProcessTree: true);
        process.WaitForExit(Patience);
    }

    public Uri? Address(int port) => new($"http://127.0.0.1:{this.port}");

    public IReadOnlyList<string> Execute(TimeSpan limit, params IEnumerable<string> words) =>
        throw new NotSupportedException("nothing is executed beside a program of this machine");

    public IReadOnlyList<string> Maps(IReadOnlyList<string> words)
    {
        try
        {
            return File.ReadAllLines($"/proc/{process.Id}/maps");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    public void Interrupt()
    {
        if (!process.HasExited)
            _ = Send(process.Id, Interruption);
    }

    public void Dispose()
    {
        Kill();
        process.Dispose();
    }

    // A program that it started may keep the pipe open after its end.
    private static string Ended(Task<string> text) => text.Wait(Patience) ? text.Result : "";

    private static string Read(StreamReader reader)
    {
        var text = new StringBuilder();
        var buffer = new char[1 << 14];
        for (int n; (n = reader.Read(buffer)) > 0; )
        {
            if (text.Length < MostOutput)
                text.Append(buffer, 0, n);
        }

        return text.ToString();
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Send(int process, int signal);
}
