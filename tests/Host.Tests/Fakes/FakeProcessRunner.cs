using Cake.Core.IO;
using Path = System.IO.Path;

namespace Gfxbake.Host.Tests.Fakes;

/// <summary>One process that would have been started; the arguments as rendered, secrets included.</summary>
public sealed record ProcessCall(string File, string Arguments, ProcessSettings Settings)
{
    /// <summary>The file's name and the arguments, as one would type it.</summary>
    public string CommandLine => Arguments.Length == 0 ? Path.GetFileName(File) : $"{Path.GetFileName(File)} {Arguments}";
}

/// <summary>What the process that was not started answers.</summary>
public sealed record ProcessAnswer(int ExitCode = 0, params string[] Output)
{
    public string[] Error { get; init; } = [];
}

/// <summary>Starts nothing: records each call and answers with what the test prepared.</summary>
public sealed class FakeProcessRunner : IProcessRunner
{
    public List<ProcessCall> Calls { get; } = [];

    public IEnumerable<string> CommandLines => Calls.Select(call => call.CommandLine);

    public Func<ProcessCall, ProcessAnswer> Answer { get; set; } = _ => new ProcessAnswer();

    public IProcess Start(FilePath filePath, ProcessSettings settings)
    {
        var call = new ProcessCall(filePath.FullPath, settings.Arguments?.Render() ?? string.Empty, settings);
        Calls.Add(call);
        return new FakeProcess(Answer(call), settings);
    }

    private sealed class FakeProcess(ProcessAnswer answer, ProcessSettings settings) : IProcess
    {
        public void WaitForExit() { }

        public bool WaitForExit(int milliseconds) => true;

        public int GetExitCode() => answer.ExitCode;

        public IEnumerable<string> GetStandardOutput() =>
            Handled(answer.Output, settings.RedirectStandardOutput, settings.RedirectedStandardOutputHandler);

        public IEnumerable<string> GetStandardError() =>
            Handled(answer.Error, settings.RedirectStandardError, settings.RedirectedStandardErrorHandler);

        public void Kill() { }

        public void Dispose() { }

        // As Cake's process does: nothing without redirection, and a handler may change or drop (null) a line.
        private static IEnumerable<string> Handled(string[] lines, bool redirected, Func<string, string>? handler) =>
            redirected ? lines.Select(line => handler is null ? line : handler(line)).Where(line => line is not null) : [];
    }
}
